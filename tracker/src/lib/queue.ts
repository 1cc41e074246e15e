import type { TrackedEvent } from "../types";

/** Everything recorded and not yet acknowledged, oldest first. A batch in flight stays in here, so
 *  that leaving the page can send it again: the server counts an id once. */
export let queue: TrackedEvent[] = [];

export function setQueue(events: TrackedEvent[]): void {
  queue = events;
}

/** Removes events whose fate is decided. */
export function settle(batch: TrackedEvent[]): void {
  queue = queue.filter((event) => batch.indexOf(event) < 0);
}
