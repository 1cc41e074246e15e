import type { Site } from "../../api/types";
import { siteAddress } from "../../lib/address";

/** The page of a visitor. Ids are strangers' texts: an escaped slash stays a part of the id. */
export function visitorAddress(site: Site, visitorId: string): string {
  return siteAddress(site, `/visitors/${encodeURIComponent(visitorId)}`);
}
