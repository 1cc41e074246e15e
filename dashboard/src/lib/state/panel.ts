/** The panels of the overview and the dimensions each can show, the first one at first. */
import type { Dimension } from "./dimension";

export const PANELS = ["sources", "pages", "locations", "devices", "events"] as const;
export type PanelName = (typeof PANELS)[number];
export type PanelTabs = Readonly<Partial<Record<PanelName, Dimension>>>;

export const panelTabs = {
  sources: ["channel", "source", "referrer", "campaign", "medium", "content", "term"],
  pages: ["page", "entry_page", "exit_page", "hostname"],
  locations: ["country", "region", "city", "language"],
  devices: ["device", "browser", "browser_version", "os", "screen"],
  events: ["event"],
} as const satisfies Record<PanelName, readonly Dimension[]>;

export function openTab(tabs: PanelTabs, panel: PanelName): Dimension {
  return tabs[panel] ?? panelTabs[panel][0];
}
