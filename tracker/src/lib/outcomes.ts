/** What became of events since the page began, for `getStats`: HTTP status (0: never sent, the
 *  queue was full), how many, when. The loader variant alone keeps it. */
export const outcomes: [status: number, events: number, at: number][] = [];

export function note(status: number, events: number): void {
  outcomes.push([status, events, Date.now()]);
}
