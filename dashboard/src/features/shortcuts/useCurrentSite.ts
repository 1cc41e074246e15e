import { useQuery } from "@tanstack/react-query";
import { useLocation } from "wouter";
import { sitesQuery } from "../../api/sites";
import type { Site } from "../../api/types";

const NO_SITES: Site[] = [];

/** All sites, and the one that the address is about; null on the account's own pages. */
export function useCurrentSite(): { sites: Site[]; site: Site | null } {
  const { data: sites = NO_SITES } = useQuery(sitesQuery);
  const [path] = useLocation();
  const name = path.split("/")[1] ?? "";
  const site = sites.find(({ slug, siteId }) => [slug, siteId].includes(decoded(name)));
  return { sites, site: site ?? null };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A mangled address names no site.
    return text;
  }
}
