import type { TrackedEvent } from "../types";

/** The page view in sight; without an address before the first. Single-page apps set the title some
 *  time after the address, so it is taken late: when a batch is sent, and at last when the next page
 *  begins. */
export let view: Partial<TrackedEvent> = {};

export function setView(next: typeof view): void {
  view = next;
}
