/** Where a value leads outside of the app. Values come from strangers: only http(s) is followed. */
import type { Dimension } from "../../../lib/state/dimension";

const PATHS: readonly Dimension[] = ["page", "entry_page", "exit_page"];
const ADDRESSES: readonly Dimension[] = ["referrer"];
const HOSTS: readonly Dimension[] = ["hostname", "referrer_host"];

/** Whether the site's own origin is needed to say where values of this dimension lead. */
export function leadsToSite(dimension: Dimension): boolean {
  return PATHS.includes(dimension) || dimension === "hostname";
}

/** The address of a page, referrer or host; null where there is none to open. `origin` is the
 *  site's own, with scheme and port. */
export function outsideAddress(
  dimension: Dimension,
  value: string,
  origin: string | null,
): string | null {
  if (value === "") return null;
  if (PATHS.includes(dimension)) {
    return origin && value.startsWith("/") ? webAddress(origin + value, origin) : null;
  }
  if (HOSTS.includes(dimension)) {
    const own = origin && new URL(origin).hostname === value;
    return webAddress(own ? `${origin}/` : `https://${value}/`);
  }
  return ADDRESSES.includes(dimension) ? webAddress(value) : null;
}

/** The address itself if a browser may follow it, else null. */
function webAddress(text: string, origin?: string): string | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") return null;
  return origin === undefined || url.origin === origin ? url.href : null;
}
