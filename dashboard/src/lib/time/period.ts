/**
 * The periods a report can cover: names, the range each one means, and the one before or after.
 */
import {
  addDays,
  addMonths,
  type CivilDate,
  daysBetween,
  firstOfMonth,
  firstOfYear,
  lastOfMonth,
  lastOfYear,
  parseDate,
} from "./civil";
import { dateIn, endOfDay, startOfDay } from "./zone";

/** Periods that move with the clock, in the order of the menu. */
export const RELATIVE_PERIODS = [
  "realtime",
  "24h",
  "day",
  "yesterday",
  "7d",
  "28d",
  "30d",
  "91d",
  "month",
  "lastmonth",
  "year",
  "6mo",
  "12mo",
  "all",
] as const;
export type RelativePeriod = (typeof RELATIVE_PERIODS)[number];
export type CalendarUnit = "day" | "month" | "year";

/** One end of a custom range: a whole day of the site, or an instant in RFC 3339. */
export type Bound = string;

export type Period =
  | { kind: "relative"; name: RelativePeriod }
  /** The whole day, month or year that holds a date. */
  | { kind: "calendar"; unit: CalendarUnit; on: CivilDate }
  /** Both ends included if they are dates. */
  | { kind: "custom"; from: Bound; to: Bound };

export const DEFAULT_PERIOD: Period = { kind: "relative", name: "28d" };

const HOUR = 3_600_000;

/** A range of time: whole days where it can be said so, and always instants. `to` is excluded. */
export interface Span {
  /** Absent when the range does not consist of whole days. */
  days?: { first: CivilDate; last: CivilDate };
  from: number;
  to: number;
  /** The whole history: `from` is not known before the server answers. */
  open: boolean;
}

export function daySpan(first: CivilDate, last: CivilDate, zone: string): Span {
  return {
    days: { first, last },
    from: startOfDay(first, zone),
    to: endOfDay(last, zone),
    open: false,
  };
}

export function instantSpan(from: number, to: number): Span {
  return { from, to, open: false };
}

/** What a period covers at this moment. */
export function spanOf(period: Period, zone: string, now: number): Span {
  const today = dateIn(zone, now);
  if (period.kind === "calendar") {
    const { on } = period;
    if (period.unit === "day") return daySpan(on, on, zone);
    if (period.unit === "month") return daySpan(firstOfMonth(on), lastOfMonth(on), zone);
    return daySpan(firstOfYear(on), lastOfYear(on), zone);
  }
  if (period.kind === "custom") return customSpan(period.from, period.to, zone);
  switch (period.name) {
    case "realtime": {
      const minute = Math.floor(now / 60_000) * 60_000;
      return instantSpan(minute - 29 * 60_000, minute + 60_000);
    }
    case "24h": {
      const end = (Math.floor(now / HOUR) + 1) * HOUR;
      return instantSpan(end - 24 * HOUR, end);
    }
    case "day":
      return daySpan(today, today, zone);
    case "yesterday":
      return daySpan(addDays(today, -1), addDays(today, -1), zone);
    case "month":
      return daySpan(firstOfMonth(today), today, zone);
    case "lastmonth": {
      const month = addMonths(firstOfMonth(today), -1);
      return daySpan(month, lastOfMonth(month), zone);
    }
    case "year":
      return daySpan(firstOfYear(today), today, zone);
    case "6mo":
      return daySpan(addMonths(firstOfMonth(today), -5), today, zone);
    case "12mo":
      return daySpan(addMonths(firstOfMonth(today), -11), today, zone);
    case "all":
      return { ...daySpan(today, today, zone), from: 0, open: true };
    default:
      return daySpan(addDays(today, 1 - Number.parseInt(period.name, 10)), today, zone);
  }
}

export function customSpan(from: Bound, to: Bound, zone: string): Span {
  const first = parseDate(from);
  const last = parseDate(to);
  if (first && last) return daySpan(first, last, zone);
  return instantSpan(
    first ? startOfDay(first, zone) : Date.parse(from),
    last ? endOfDay(last, zone) : Date.parse(to),
  );
}

/** The period just before (`-1`) or after (`1`); null where there is none, or it has not begun. */
export function step(period: Period, by: -1 | 1, zone: string, now: number): Period | null {
  const moved = shifted(period, by, zone, now);
  if (!moved || spanOf(moved, zone, now).from > now) return null;
  return named(moved, zone, now);
}

function shifted(period: Period, by: number, zone: string, now: number): Period | null {
  const span = spanOf(period, zone, now);
  if (span.open || (period.kind === "relative" && period.name === "realtime")) return null;
  const unit = unitOf(period);
  if (unit && span.days) {
    const months = unit === "month" ? by : by * 12;
    const on =
      unit === "day"
        ? addDays(span.days.first, by)
        : addMonths(unit === "month" ? firstOfMonth(span.days.first) : span.days.first, months);
    return { kind: "calendar", unit, on };
  }
  if (span.days) {
    const { first, last } = span.days;
    const length = daysBetween(first, last) + 1;
    return {
      kind: "custom",
      from: addDays(first, by * length),
      to: addDays(last, by * length),
    };
  }
  const length = span.to - span.from;
  return {
    kind: "custom",
    from: instant(span.from + by * length),
    to: instant(span.to + by * length),
  };
}

function unitOf(period: Period): CalendarUnit | null {
  if (period.kind === "calendar") return period.unit;
  if (period.kind === "custom") return null;
  if (period.name === "day" || period.name === "yesterday") return "day";
  if (period.name === "month" || period.name === "lastmonth") return "month";
  return period.name === "year" ? "year" : null;
}

/** Stepping forward to today's own day, month or year gives back the one that moves on. */
function named(period: Period, zone: string, now: number): Period {
  const today = dateIn(zone, now);
  if (period.kind === "custom") {
    const { from, to } = period;
    const days = parseDate(from) && to === today ? `${daysBetween(from, to) + 1}d` : "";
    const name = RELATIVE_PERIODS.find((known) => known === days);
    return name ? { kind: "relative", name } : period;
  }
  if (period.kind !== "calendar") return period;
  const same = { day: 10, month: 7, year: 4 }[period.unit];
  if (period.on.slice(0, same) !== today.slice(0, same)) return period;
  return { kind: "relative", name: period.unit };
}

/** RFC 3339 without what carries nothing: `2026-11-20T14:00Z`. */
export function instant(ms: number): string {
  return new Date(ms)
    .toISOString()
    .replace(/\.000Z$/, "Z")
    .replace(/:00Z$/, "Z");
}
