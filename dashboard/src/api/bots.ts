import type { ReportMeta } from "./reports";

export interface BotRow {
  /** The bot's name, or its family. */
  value: string;
  kind: string;
  events: number;
  pageviews: number;
  last_seen: string;
}

export interface BotsReport {
  rows: BotRow[];
  total_rows: number;
  meta: ReportMeta;
}
