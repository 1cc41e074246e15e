/** How finely a series is cut, and which cuts a range allows. */
import type { Span } from "./period";

export const INTERVALS = ["minute", "hour", "day", "week", "month"] as const;
export type Interval = (typeof INTERVALS)[number];

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** More points than this are no line but a band; the server refuses beyond 1500. */
const LONGEST: Record<Interval, number> = {
  minute: 25 * HOUR,
  hour: 32 * DAY,
  day: 740 * DAY,
  week: 3700 * DAY,
  month: Number.POSITIVE_INFINITY,
};
const SHORTEST: Record<Interval, number> = {
  minute: 0,
  hour: 2 * HOUR,
  day: 2 * DAY - 2 * HOUR,
  week: 13 * DAY,
  month: 55 * DAY,
};

/** The intervals worth offering for a range, finest first. Of an open range all from days up. */
export function intervalsFor(span: Span): Interval[] {
  if (span.open) return ["day", "week", "month"];
  const length = span.to - span.from;
  const fitting = INTERVALS.filter(
    (interval) => SHORTEST[interval] <= length && length <= LONGEST[interval],
  );
  return fitting.length > 0 ? fitting : ["month"];
}

/** What reads well when nobody chose: the server's own rule. */
function fittingInterval(span: Span): Interval {
  const length = span.open ? Number.POSITIVE_INFINITY : span.to - span.from;
  if (length <= HOUR) return "minute";
  if (length <= 49 * HOUR) return "hour";
  return length <= 124 * DAY ? "day" : "month";
}

/** The chosen interval where the range allows it, else the fitting one. */
export function effectiveInterval(chosen: Interval | null, span: Span): Interval {
  return chosen && intervalsFor(span).includes(chosen) ? chosen : fittingInterval(span);
}

/** The next finer (`-1`) or coarser (`1`) interval of a range; null at its end. */
export function neighbour(current: Interval, by: -1 | 1, span: Span): Interval | null {
  const offered = intervalsFor(span);
  return offered[offered.indexOf(current) + by] ?? null;
}
