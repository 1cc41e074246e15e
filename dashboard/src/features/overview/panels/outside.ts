/** Where a value leads outside of the app. Values come from strangers: only http(s) is followed. */
import type { Dimension } from "../../../lib/state/dimension";

const PATHS: readonly Dimension[] = ["page", "entry_page", "exit_page"];
const ADDRESSES: readonly Dimension[] = ["referrer"];
const HOSTS: readonly Dimension[] = ["hostname", "referrer_host"];

/** The address of a page, referrer or host; null where there is none to open. */
export function outsideAddress(dimension: Dimension, value: string, host: string): string | null {
  if (value === "") return null;
  if (PATHS.includes(dimension)) {
    return host && value.startsWith("/") ? webAddress(`https://${host}${value}`, host) : null;
  }
  if (HOSTS.includes(dimension)) return webAddress(`https://${value}/`);
  return ADDRESSES.includes(dimension) ? webAddress(value) : null;
}

/** The address itself if a browser may follow it, else null. */
function webAddress(text: string, host?: string): string | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") return null;
  return host === undefined || url.host === host ? url.href : null;
}
