import type { AnalyticsPage, Site } from "../../api/types";

/** The address with which a new key is tried first: one that it may read, or null where a command line
 *  has nothing to show. `pages`: the only ones that a marketing key sees, null for other keys. */
export function tryPath(
  pages: readonly AnalyticsPage[] | null,
  site: Site | undefined,
): string | null {
  if (pages === null) return "/v1/sites";
  const query = site ? `?site=${encodeURIComponent(site.slug ?? site.siteId)}` : "";
  const page = (["overview", "timeseries", "sessions"] as const).find((one) => pages.includes(one));
  if (page) return `/analytics/${page}${query}`;
  return pages.includes("reports") ? `/v1/reports/bots${query}` : null;
}
