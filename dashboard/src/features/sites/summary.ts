import { queryOptions } from "@tanstack/react-query";
import { api } from "../../api/client";
import type { OverviewReport, RealtimeReport, TimeseriesReport } from "../../api/reports";

const GRAIN_MS = 5 * 60_000;
const DAY_MS = 86_400_000;

export interface SiteSummary {
  week: Totals;
  day: Totals;
  /** Visitors per day, oldest first. */
  days: number[];
}

export interface Totals {
  visitors: number;
  before: number;
}

async function totals(site: string, range: Record<string, string>, signal: AbortSignal) {
  const query = { site, ...range, metrics: "visitors", compare: "previous_period" };
  const report = await api.get<OverviewReport>("/v1/reports/overview", query, signal);
  return {
    visitors: report.totals.visitors ?? 0,
    before: report.comparison?.visitors ?? 0,
  };
}

/** What a site's card says about the last day and week. */
export const summaryQuery = (site: string) =>
  queryOptions({
    queryKey: ["report", site, "summary"],
    queryFn: async ({ signal }): Promise<SiteSummary> => {
      const now = Math.floor(Date.now() / GRAIN_MS) * GRAIN_MS;
      const lastDay = {
        period: "custom",
        from: new Date(now - DAY_MS).toISOString(),
        to: new Date(now).toISOString(),
      };
      const [week, day, series] = await Promise.all([
        totals(site, { period: "7d" }, signal),
        totals(site, lastDay, signal),
        api.get<TimeseriesReport>(
          "/v1/reports/timeseries",
          { site, period: "7d", interval: "day", metrics: "visitors" },
          signal,
        ),
      ]);
      return { week, day, days: series.points.map((point) => point.visitors ?? 0) };
    },
    refetchInterval: 60_000,
  });

/** Visitors of the last five minutes. */
export const currentVisitorsQuery = (site: string) =>
  queryOptions({
    queryKey: ["report", site, "current"],
    queryFn: async ({ signal }) =>
      (await api.get<RealtimeReport>("/v1/reports/realtime", { site }, signal)).visitors,
    refetchInterval: 15_000,
  });
