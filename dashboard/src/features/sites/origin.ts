/** Where a site's pages are. Its list of domains knows neither scheme nor port; its events do. */
import { useQuery } from "@tanstack/react-query";
import { newestEventsQuery } from "../../api/events";
import type { EventView, Site } from "../../api/types";

/** So many events are looked at: what servers hand in has no page. */
const LOOKED_AT = 20;

type Known = Pick<Site, "domains" | "isDemo">;

/** `https://shop.example`, or null where the site has nothing but patterns of hosts. `here` is this
 *  server's own origin: it serves the demo shop. */
export function siteOrigin(
  site: Known,
  events: readonly Pick<EventView, "url">[],
  here: string,
): string | null {
  if (site.isDemo) return here;
  const pages = events.flatMap(({ url }) => (url && URL.canParse(url) ? [new URL(url)] : []));
  const on = (domains: readonly string[]) =>
    pages.filter(
      ({ protocol, hostname }) =>
        /^https?:$/.test(protocol) && domains.some((domain) => covers(domain, hostname)),
    );
  const listed = on(site.domains.filter((domain) => !domain.startsWith("*.")));
  // Anybody may send an event: the plain address of a listed host comes before any other of it, and
  // before hosts that only a pattern names.
  const plain = listed.find(({ protocol, port }) => protocol === "https:" && !port);
  const [found] = plain ? [plain] : [...listed, ...(guessed(site) ? [] : on(site.domains))];
  return found?.origin ?? guessed(site);
}

/** As [siteOrigin]; asks for the site's newest events once, as soon as somebody wants to know. */
export function useSiteOrigin(site: Site, wanted: boolean): string | null {
  const enabled = wanted && !site.isDemo;
  const query = { ...newestEventsQuery(site.siteId, LOOKED_AT), staleTime: Infinity, enabled };
  return siteOrigin(site, useQuery(query).data ?? [], location.origin);
}

/** Local hosts have no certificate as a rule; all others do. */
function guessed({ domains }: Known): string | null {
  const domain = domains.find((one) => !one.startsWith("*."));
  if (!domain) return null;
  const isLocal = domain === "localhost" || /^[\d.]+$|^\[/.test(domain);
  return `${isLocal ? "http" : "https"}://${domain}`;
}

/** As the server authorises hosts: `www.` is the apex, `*.` any host below. */
function covers(domain: string, hostname: string): boolean {
  if (domain.startsWith("*.")) return hostname.endsWith(domain.slice(1));
  return hostname.replace(/^www\./, "") === domain.replace(/^www\./, "");
}
