/** The reports' answers. Unlike management they are snake_case (the ingest vocabulary). */
export type Metric =
  | "visitors"
  | "visits"
  | "pageviews"
  | "events"
  | "bounce_rate"
  | "visit_duration"
  | "views_per_visit"
  | "engagement_time"
  | "time_on_page"
  | "scroll_depth";

/** Null where there is nothing to say: the bounce rate of no visit. */
export type Metrics = Partial<Record<Metric, number | null>>;

export interface ReportMeta {
  report: string;
  range: { from: string; to: string };
  comparison_range?: { from: string; to: string };
  time_zone: string;
  identity: Record<string, number>;
  exclusions: {
    bots: number;
    /** From addresses on the site's lists. */
    blocked_ip: number;
    testing_ip: number;
    /** Forms that were sent by people who may not be measured. */
    silent: number;
    quarantined: number;
    quarantined_by: Record<string, number>;
  };
  notes: unknown[];
}

export interface OverviewReport {
  totals: Metrics;
  comparison?: Metrics;
  meta: ReportMeta;
}

export type Point = Metrics & { t: string };

export interface TimeseriesReport {
  interval: string;
  points: Point[];
  comparison?: Point[];
  meta: ReportMeta;
}

export type BreakdownRow = Metrics & { value: string; comparison?: Metrics };

export interface BreakdownReport {
  rows: BreakdownRow[];
  total_rows: number;
  meta: ReportMeta;
}

export interface RealtimeReport {
  visitors: number;
  points: Point[];
  pages: BreakdownRow[];
  sources: BreakdownRow[];
  meta: ReportMeta;
}
