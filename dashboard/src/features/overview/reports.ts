/** The questions the overview asks the server, and their queries. */
import { queryOptions } from "@tanstack/react-query";
import type { BotsReport } from "../../api/bots";
import { api, withQuery } from "../../api/client";
import type { BreakdownReport, OverviewReport, TimeseriesReport } from "../../api/reports";
import { type Dimension, METRICS, type Metric } from "../../lib/state/dimension";
import { type Filter, toApi } from "../../lib/state/filter";
import type { OverviewState } from "../../lib/state/overview";
import { addDays, addMonths, firstOfMonth } from "../../lib/time/civil";
import { compareParameter, comparisonSpan, elapsedSpan } from "../../lib/time/comparison";
import { effectiveInterval } from "../../lib/time/interval";
import { instant, type Period, type Span, spanOf } from "../../lib/time/period";
import { dateIn } from "../../lib/time/zone";

export type Params = Record<string, string | number>;
export type ReportName = "overview" | "timeseries" | "breakdown" | "realtime" | "bots";

/** One report with its parameters: a URL in parts. */
export interface Question<N extends ReportName = ReportName> {
  report: N;
  params: Params;
}

/** What all questions of one view have in common. */
export interface Scope {
  /** Site, range and filters. */
  common: Params;
  span: Span;
  /** The whole other range, for the chart. */
  comparison: Span | null;
  /** As much of it as has passed of this one, for numbers. */
  compare: string | null;
  /** How often to ask again although nothing was announced; false: the range has ended. */
  askAgainMs: number | false;
}

const MOVING_MS = 30_000;
const RUNNING_MS = 60_000;

export function scopeOf(siteId: string, state: OverviewState, zone: string, now: number): Scope {
  const span = spanOf(state.period, zone, now);
  const comparison = comparisonSpan(state.comparison, state.matchWeekday, state.period, span, zone);
  const elapsed =
    comparison && state.comparison.kind !== "custom"
      ? elapsedSpan(comparison, span, zone, now)
      : comparison;
  return {
    common: {
      site: siteId,
      ...rangeParams(state.period, zone, now),
      ...filterParams(state.filter),
    },
    span,
    comparison,
    compare: elapsed && compareParameter(elapsed),
    askAgainMs: now >= span.to ? false : span.days ? RUNNING_MS : MOVING_MS,
  };
}

/** A period in the API's own words where it has them, else as `from` and `to`. */
export function rangeParams(period: Period, zone: string, now: number): Params {
  if (period.kind === "calendar") return { period: period.unit, from: period.on };
  if (period.kind === "custom") return { from: period.from, to: period.to };
  const today = dateIn(zone, now);
  switch (period.name) {
    case "yesterday":
      return { period: "day", from: addDays(today, -1) };
    case "lastmonth":
      return { period: "month", from: addMonths(firstOfMonth(today), -1) };
    case "24h": {
      const { from, to } = spanOf(period, zone, now);
      return { from: instant(from), to: instant(to) };
    }
    default:
      return { period: period.name };
  }
}

function filterParams(filter: Filter): Params {
  const filters = toApi(filter);
  return filters ? { filters: JSON.stringify(filters) } : {};
}

export function totalsQuestion(scope: Scope): Question<"overview"> {
  return {
    report: "overview",
    params: { ...scope.common, ...compared(scope), metrics: METRICS.join(",") },
  };
}

export function seriesQuestion(scope: Scope, state: OverviewState): Question<"timeseries"> {
  const { span, comparison } = scope;
  const automatic = span.open && state.interval === null;
  return {
    report: "timeseries",
    params: {
      ...scope.common,
      ...(comparison ? { compare: compareParameter(comparison) } : {}),
      ...(automatic ? {} : { interval: effectiveInterval(state.interval, span) }),
      metrics: state.metric,
    },
  };
}

export function breakdownQuestion(
  scope: Scope,
  dimension: Dimension,
  limit: number,
  metrics: readonly string[] = panelMetrics(dimension),
): Question<"breakdown"> {
  return {
    report: "breakdown",
    params: { ...scope.common, ...compared(scope), dimension, metrics: metrics.join(","), limit },
  };
}

/** What a panel shows of each value; how often an event happened is more than who saw it. */
function panelMetrics(dimension: Dimension): ("visitors" | "events")[] {
  return dimension === "event" ? ["visitors", "events"] : ["visitors"];
}

export const DETAIL_METRICS: readonly (Metric | "events")[] = [
  "visitors",
  "visits",
  "pageviews",
  "bounce_rate",
  "visit_duration",
];

function compared({ compare }: Scope): Params {
  return compare ? { compare } : {};
}

export function questionPath({ report, params }: Question): string {
  return withQuery(`/v1/reports/${report}`, params);
}

export function csvPath(question: Question): string {
  return questionPath({ ...question, params: { ...question.params, format: "csv" } });
}

/** Everything shown of a site's reports, to be asked again together. */
export const reportsKey = (siteId: string) => ["report", siteId] as const;

type Answers = {
  overview: OverviewReport;
  timeseries: TimeseriesReport;
  breakdown: BreakdownReport;
  bots: BotsReport;
};

/** While a new answer is on its way, the old one of the same kind and site stays. */
export function reportQuery<N extends keyof Answers>(
  question: Question<N>,
  kind: string = question.report,
) {
  const { report, params } = question;
  return queryOptions({
    queryKey: [...reportsKey(String(params.site)), kind, params] as const,
    queryFn: ({ signal }) => api.get<Answers[N]>(`/v1/reports/${report}`, params, signal),
    placeholderData: (previous, query) =>
      query?.queryKey[1] === params.site && query?.queryKey[2] === kind ? previous : undefined,
  });
}
