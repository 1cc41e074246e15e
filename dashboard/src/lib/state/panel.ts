/** The panels of the overview and the tabs each has, the first one open at first. */
import type { Dimension } from "./dimension";

export const PANELS = ["sources", "pages", "locations", "devices", "events"] as const;
export type PanelName = (typeof PANELS)[number];
/** What a tab shows: the values of a dimension, or the countries on a map. */
export type PanelTab = Dimension | "map";
export type PanelTabs = Readonly<Partial<Record<PanelName, PanelTab>>>;

export const panelTabs = {
  sources: [
    "channel",
    "source",
    "referrer",
    "campaign",
    "medium",
    "content",
    "term",
    "ad_group",
    "ad_id",
    "campaign_region",
    "search_query",
  ],
  pages: ["page", "entry_page", "exit_page", "hostname"],
  locations: ["map", "country", "region", "city", "network", "language"],
  devices: ["device", "browser", "browser_version", "os", "screen"],
  events: ["event"],
} as const satisfies Record<PanelName, readonly PanelTab[]>;

/** Tabs that only few ask for: they are in a menu, and beside the others once one is chosen. */
const FOLDED: readonly PanelTab[] = [
  "medium",
  "content",
  "term",
  "ad_group",
  "ad_id",
  "campaign_region",
  "search_query",
];

export function openTab(tabs: PanelTabs, panel: PanelName): PanelTab {
  return tabs[panel] ?? panelTabs[panel][0];
}

/** The tabs in sight while one of them is open, and those of the menu. */
export function arrangedTabs(
  panel: PanelName,
  open: PanelTab,
): { shown: PanelTab[]; folded: PanelTab[] } {
  const all: readonly PanelTab[] = panelTabs[panel];
  return {
    shown: all.filter((tab) => tab === open || !FOLDED.includes(tab)),
    folded: all.filter((tab) => FOLDED.includes(tab)),
  };
}

/** Whose values a tab is about. */
export function dimensionOf(tab: PanelTab): Dimension {
  return tab === "map" ? "country" : tab;
}
