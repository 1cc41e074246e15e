import { record } from "./record";

/** When the page last became visible and focused; nothing while it is not. */
let since: number | false | undefined;
let engaged = 0;
let deepest = 0;

/** Takes note of attention and scroll position; call whenever either may have changed. */
export function observe(): void {
  const now = Date.now();
  if (since) engaged += now - since;
  since = !document.hidden && document.hasFocus() && now;
  // `| 0` also turns the NaN and Infinity of an empty or unrendered page into 0.
  const depth = ((100 * (scrollY + innerHeight)) / document.documentElement.scrollHeight) | 0;
  if (depth > deepest) deepest = depth;
}

/** Records the attention that the page at `url` had since the last report. Leaving fires several
 *  events within milliseconds, and less than a tenth of a second is nobody's attention. */
export function reportEngagement(url: string | undefined): void {
  observe();
  if (url && engaged > 99) {
    // A bouncing scroll overshoots the end of the page; the server takes 100 for the end.
    record({ type: "engagement", url, engaged_ms: engaged, scroll: deepest });
    engaged = 0;
  }
}

export function resetEngagement(): void {
  engaged = deepest = 0;
}
