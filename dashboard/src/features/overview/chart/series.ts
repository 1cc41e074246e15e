/** A time series as the chart draws it, and the period that a part of the chart means. */
import type { Metric, Point, TimeseriesReport } from "../../../api/reports";
import { addDays } from "../../../lib/time/civil";
import { instant, type Period } from "../../../lib/time/period";
import { dateIn, startOfDay } from "../../../lib/time/zone";
import type { ChartPoint } from "../../../ui/charts/series";

export interface DrawnSeries {
  points: ChartPoint[];
  comparison: ChartPoint[] | undefined;
  /** The bucket that is still running; null: none. */
  incompleteFrom: number | null;
  /** End of the last bucket. */
  end: number;
  /** How many days it covers, for the wording of its axis. */
  days: number;
}

export function drawnSeries(report: TimeseriesReport, metric: Metric, now: number): DrawnSeries {
  const of = (point: Point): ChartPoint => ({
    t: Date.parse(point.t),
    value: point[metric] ?? null,
  });
  const all = report.points.map(of);
  const end = Date.parse(report.meta.range.to);
  const points = all.map((point) => (point.t > now ? { ...point, value: null } : point));
  const running = all.findIndex((point, i) => point.t <= now && now < (all[i + 1]?.t ?? end));
  return {
    points,
    comparison: report.comparison?.map(of),
    incompleteFrom: running < 0 ? null : running,
    end,
    days: (end - (all[0]?.t ?? end)) / 86_400_000,
  };
}

/** The period from the first bucket to the end of the last: whole days where it can be said so. */
export function zoomed(drawn: DrawnSeries, first: number, last: number, zone: string): Period {
  const from = drawn.points[first]?.t ?? drawn.end;
  const to = drawn.points[last + 1]?.t ?? drawn.end;
  const start = dateIn(zone, from);
  const end = dateIn(zone, to);
  const wholeDays = startOfDay(start, zone) === from && startOfDay(end, zone) === to;
  if (!wholeDays) return { kind: "custom", from: instant(from), to: instant(to) };
  const lastDay = addDays(end, -1);
  return start === lastDay
    ? { kind: "calendar", unit: "day", on: start }
    : { kind: "custom", from: start, to: lastDay };
}
