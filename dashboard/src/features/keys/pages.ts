import type { AnalyticsPage } from "../../api/types";
import { t } from "../../lib/i18n";

/** What a new marketing key sees unless somebody says otherwise, as the server has it. */
export const USUAL_PAGES: readonly AnalyticsPage[] = [
  "overview",
  "timeseries",
  "sessions",
  "leads",
];

export function pageName(page: AnalyticsPage): string {
  return (
    {
      overview: t("Overview"),
      timeseries: t("Chart"),
      sessions: t("Visits"),
      leads: t("Leads"),
      replay: t("Recordings"),
      reports: t("All other reports"),
    }[page] ?? page
  );
}

export function pageAbout(page: AnalyticsPage): string {
  return {
    overview: t("The totals of a period."),
    timeseries: t("The same numbers over time."),
    sessions: t("Single visits: pages, source, device."),
    leads: t("Who wrote, with what they did before."),
    replay: t("What visitors saw, where a site records it."),
    reports: t("Breakdowns, attribution, bots, data health."),
  }[page];
}
