/** Which events of the tail are shown. */
import type { EventView } from "../../api/types";

export type Crowd = "all" | "people" | "bots";

export interface TailFilter {
  text: string;
  type: string;
  crowd: Crowd;
}

const KEPT = 500;

/** What has just arrived before what was there already, each event once. */
export function merged(fresh: readonly EventView[], earlier: readonly EventView[]): EventView[] {
  const seen = new Set<string>();
  return [...fresh, ...earlier]
    .filter(({ eventId }) => !seen.has(eventId) && seen.add(eventId))
    .slice(0, KEPT);
}

export function passing(events: readonly EventView[], filter: TailFilter): EventView[] {
  const wanted = filter.text.trim().toLowerCase();
  return events.filter((event) => {
    if (filter.type !== "" && typeOf(event) !== filter.type) return false;
    if (filter.crowd !== "all" && isBot(event) !== (filter.crowd === "bots")) return false;
    return wanted === "" || searchable(event).includes(wanted);
  });
}

/** The name of a custom event, the type of any other. */
export function typeOf(event: EventView): string {
  return event.name || event.eventType;
}

export function typesOf(events: readonly EventView[]): string[] {
  return [...new Set(events.map(typeOf))].sort();
}

export function isBot(event: EventView): boolean {
  return detail(event, "bot") !== "";
}

/** A text of what was found out about an event; empty where it is not known. */
export function detail(event: EventView, name: string): string {
  const value = event.metadata[name];
  return typeof value === "string" ? value : "";
}

function searchable(event: EventView): string {
  const found = ["title", "source", "channel", "browser", "os", "device", "country", "bot"];
  return [event.url ?? "", typeOf(event), ...found.map((name) => detail(event, name))]
    .join(" ")
    .toLowerCase();
}
