import { queryOptions, useQuery } from "@tanstack/react-query";
import { api } from "./client";
import { queryClient } from "./query-client";
import type { NewSite, Site, SiteChange } from "./types";

export const sitesQuery = queryOptions({
  queryKey: ["sites"],
  queryFn: async ({ signal }) =>
    (await api.get<{ sites: Site[] }>("/v1/sites", undefined, signal)).sites,
});

/** `site` is an id or a slug. */
export const siteQuery = (site: string) =>
  queryOptions({
    queryKey: ["sites", site],
    queryFn: async ({ signal }) => {
      const found = await api.get<Site>(sitePath(site), undefined, signal);
      // Known by its slug and by its id: whoever asks by the other one has it at once.
      queryClient.setQueryData(["sites", found.siteId], found);
      return found;
    },
    initialData: () =>
      queryClient
        .getQueryData(sitesQuery.queryKey)
        ?.find((known) => known.siteId === site || known.slug === site),
    initialDataUpdatedAt: () => queryClient.getQueryState(sitesQuery.queryKey)?.dataUpdatedAt,
  });

/** The site whose page is open. The site frame renders nothing before it is there. */
export function useSite(site: string): Site {
  const { data } = useQuery(siteQuery(site));
  if (!data) throw new Error("useSite outside of a site's pages");
  return data;
}

export function sitePath(site: string, rest = ""): string {
  return `/v1/sites/${encodeURIComponent(site)}${rest}`;
}

export async function createSite(body: NewSite): Promise<Site> {
  const site = await api.post<Site>("/v1/sites", body);
  await queryClient.invalidateQueries({ queryKey: sitesQuery.queryKey });
  return site;
}

export async function changeSite(siteId: string, change: SiteChange): Promise<Site> {
  const site = await api.put<Site>(sitePath(siteId), change);
  await queryClient.invalidateQueries({ queryKey: sitesQuery.queryKey });
  return site;
}

export async function deleteSite(siteId: string): Promise<void> {
  await api.delete(sitePath(siteId));
  await queryClient.invalidateQueries({ queryKey: sitesQuery.queryKey });
}
