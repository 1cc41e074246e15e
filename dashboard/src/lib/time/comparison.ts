/**
 * The range that a period is compared with.
 *
 * A period that is still running is compared with as much of the other one: "today until 10:00"
 * with "yesterday until 10:00", else every morning would look like a collapse.
 */
import { addDays, addMonths, daysBetween, toUtc } from "./civil";
import {
  type Bound,
  customSpan,
  daySpan,
  instant,
  instantSpan,
  type Period,
  type Span,
} from "./period";
import { instantOf, wallClock } from "./zone";

export type Comparison =
  | { kind: "none" }
  | { kind: "previous" }
  | { kind: "year" }
  | { kind: "custom"; from: Bound; to: Bound };

const WEEK_DAYS = 7;
/** Cut ends are rounded to this, so that the same question stays the same for a while. */
const GRAIN_MS = 5 * 60_000;

/** The whole range compared with; null when nothing lies before or nothing is compared. */
export function comparisonSpan(
  comparison: Comparison,
  matchWeekday: boolean,
  period: Period,
  span: Span,
  zone: string,
): Span | null {
  if (comparison.kind === "none" || span.open) return null;
  if (comparison.kind === "custom") return customSpan(comparison.from, comparison.to, zone);
  if (!span.days) {
    const length = span.to - span.from;
    if (comparison.kind === "year") {
      return instantSpan(yearBefore(span.from, zone), yearBefore(span.to, zone));
    }
    const week = WEEK_DAYS * 86_400_000;
    const back = matchWeekday ? Math.ceil(length / week) * week : length;
    return instantSpan(span.from - back, span.to - back);
  }
  const { first, last } = span.days;
  const length = daysBetween(first, last) + 1;
  let start = addDays(first, -length);
  let end = addDays(last, -length);
  const months = monthsOf(period);
  if (comparison.kind === "year") {
    start = addMonths(first, -12);
    end = addMonths(last, -12);
  } else if (months > 0) {
    start = addMonths(first, -months);
    // A whole month is compared with the whole month before, however long it is.
    end = isWhole(period) ? addDays(first, -1) : addMonths(last, -months);
  }
  if (matchWeekday) {
    start = addDays(start, nearestSameWeekday(start, first));
    while (addDays(start, length) > first) start = addDays(start, -WEEK_DAYS);
    end = addDays(start, length - 1);
  }
  return daySpan(start, end, zone);
}

/** As much of the other range as has passed of the running one. */
export function elapsedSpan(other: Span, span: Span, zone: string, now: number): Span {
  if (now >= span.to || now < span.from) return other;
  const passed = Math.floor(now / GRAIN_MS) * GRAIN_MS;
  const wall = wallClock(passed, zone);
  if (span.days && other.days) {
    const day = Math.floor((wall - toUtc(span.days.first)) / 86_400_000);
    const time = (((wall % 86_400_000) + 86_400_000) % 86_400_000) + GRAIN_MS;
    const end = instantOf(toUtc(addDays(other.days.first, day)) + time, zone);
    return instantSpan(other.from, Math.min(other.to, Math.max(end, other.from + GRAIN_MS)));
  }
  const end = other.from + (passed - span.from) + GRAIN_MS;
  return instantSpan(other.from, Math.min(other.to, end));
}

/** A range as the API's `compare` parameter takes it. */
export function compareParameter(span: Span): string {
  if (span.days) return `${span.days.first},${span.days.last}`;
  return `${instant(span.from)},${instant(span.to)}`;
}

function monthsOf(period: Period): number {
  if (period.kind === "custom") return 0;
  if (period.kind === "calendar") return { day: 0, month: 1, year: 12 }[period.unit];
  const months = { month: 1, lastmonth: 1, year: 12, "6mo": 6, "12mo": 12 } as const;
  return months[period.name as keyof typeof months] ?? 0;
}

function isWhole(period: Period): boolean {
  return period.kind === "calendar" || (period.kind === "relative" && period.name === "lastmonth");
}

function yearBefore(ms: number, zone: string): number {
  const wall = wallClock(ms, zone);
  const date = new Date(wall).toISOString().slice(0, 10);
  return instantOf(toUtc(addMonths(date, -12)) + (wall - toUtc(date)), zone);
}

/** Days to move `start` so that it falls on the weekday of `reference`, at most three each way. */
function nearestSameWeekday(start: string, reference: string): number {
  const off = ((daysBetween(start, reference) % WEEK_DAYS) + WEEK_DAYS) % WEEK_DAYS;
  return off > 3 ? off - WEEK_DAYS : off;
}
