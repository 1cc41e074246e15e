import type { TrackedEvent } from "../types";

/** The page view in sight; without an address before the first. */
export let view: Partial<TrackedEvent> = {};

export function setView(next: typeof view): void {
  view = next;
}

/** Single-page apps set the title some time after the address, so a page view takes it late: when
 *  it is sent, and at last when the next page begins. */
export function takeTitle(): void {
  view.title = document.title;
}
