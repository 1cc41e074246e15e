import type { FullInstall } from "../lib/internals";

/** A reload is no second view of the page; every navigation is one. */
export const installOncePerPage: FullInstall = (_verbs, _past, _purposes, _now, shared) => {
  const entry = performance.getEntriesByType("navigation")[0] as
    | PerformanceNavigationTiming
    | undefined;
  // The core begins a view when the address is another than that of the view in sight.
  if (entry && entry.type === "reload") shared.view().url = shared.cleanUrl();
};
