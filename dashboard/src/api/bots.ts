import type { ReportMeta } from "./reports";
import type { BotRow } from "./types";

export interface BotsReport {
  rows: BotRow[];
  total_rows: number;
  meta: ReportMeta;
}
