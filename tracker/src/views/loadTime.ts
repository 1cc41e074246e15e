import type { FullInstall } from "../lib/internals";

/** Longest time that the first view waits for the page to have loaded, in milliseconds. */
const PATIENCE = 3000;

/** Adds to the first view how long the page took to load, if it has loaded by then. */
export const installLoadTime: FullInstall = (_verbs, _past, _purposes, _now, shared) => {
  const finish = shared.finish;
  shared.finish = (envelope) => {
    if (finish) finish(envelope);
    const took = loadTime();
    envelope.events = envelope.events.map((event) => {
      if (event.type !== "pageview" || event.seq !== 1) return event;
      return took ? Object.assign({}, event, { load_time_ms: took }) : event;
    });
  };
  if (loadTime()) return;
  shared.hold(Date.now() + PATIENCE);
  addEventListener("load", () => {
    // The time is complete once the handlers of this very event are done.
    setTimeout(() => shared.hold(0), 0);
  });
};

/** Whole milliseconds; undefined while the page is loading. */
function loadTime(): number | undefined {
  const entry = performance.getEntriesByType("navigation")[0] as
    | PerformanceNavigationTiming
    | undefined;
  return entry && entry.loadEventEnd > 0 ? Math.round(entry.loadEventEnd) : undefined;
}
