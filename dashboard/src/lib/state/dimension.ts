/** What the server can group and filter by: the names of its API. */
export const DIMENSIONS = [
  "page",
  "entry_page",
  "exit_page",
  "hostname",
  "event",
  "channel",
  "source",
  "referrer",
  "referrer_host",
  "campaign",
  "campaign_region",
  "ad_group",
  "ad_id",
  "search_query",
  "medium",
  "content",
  "term",
  "click_id",
  "country",
  "region",
  "city",
  "network",
  "language",
  "device",
  "browser",
  "browser_version",
  "os",
  "os_version",
  "screen",
] as const;
export type Dimension = (typeof DIMENSIONS)[number];

export function isDimension(text: string): text is Dimension {
  return (DIMENSIONS as readonly string[]).includes(text);
}

/** The numbers the overview can show and graph. */
export const METRICS = [
  "visitors",
  "visits",
  "pageviews",
  "views_per_visit",
  "bounce_rate",
  "visit_duration",
] as const;
export type Metric = (typeof METRICS)[number];
