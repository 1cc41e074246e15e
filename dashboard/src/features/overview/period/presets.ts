/** The named periods of the menu, with the key that chooses each. */
import { msg } from "../../../lib/i18n";
import type { RelativePeriod } from "../../../lib/time/period";

export interface Preset {
  name: RelativePeriod;
  label: string;
  shortcut: string;
}

/** In groups, as the menu shows them. */
export const PRESETS: readonly (readonly Preset[])[] = [
  [
    { name: "day", label: msg("Today"), shortcut: "D" },
    { name: "yesterday", label: msg("Yesterday"), shortcut: "E" },
    { name: "realtime", label: msg("Last 30 minutes"), shortcut: "R" },
    { name: "24h", label: msg("Last 24 hours"), shortcut: "H" },
  ],
  [
    { name: "7d", label: msg("Last 7 days"), shortcut: "W" },
    { name: "28d", label: msg("Last 28 days"), shortcut: "F" },
    { name: "30d", label: msg("Last 30 days"), shortcut: "T" },
    { name: "91d", label: msg("Last 91 days"), shortcut: "N" },
  ],
  [
    { name: "month", label: msg("Month to date"), shortcut: "M" },
    { name: "lastmonth", label: msg("Last month"), shortcut: "P" },
  ],
  [
    { name: "year", label: msg("Year to date"), shortcut: "Y" },
    { name: "6mo", label: msg("Last 6 months"), shortcut: "S" },
    { name: "12mo", label: msg("Last 12 months"), shortcut: "L" },
    { name: "all", label: msg("All time"), shortcut: "A" },
  ],
];
