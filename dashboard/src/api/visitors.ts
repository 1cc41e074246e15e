import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import { queryClient } from "./query-client";
import { sitePath } from "./sites";
import type { Visitor, VisitorRow } from "./types";

const LISTED = 50;

/** `query` is a visitor id or a user id; empty: the latest. */
export const visitorsQuery = (siteId: string, query: string) =>
  queryOptions({
    queryKey: ["visitors", siteId, query],
    queryFn: async ({ signal }) =>
      (
        await api.get<{ visitors: VisitorRow[] }>(
          sitePath(siteId, "/visitors"),
          { query: query || null, limit: LISTED },
          signal,
        )
      ).visitors,
    placeholderData: keepPreviousData,
  });

const visitorPath = (siteId: string, visitorId: string, rest = "") =>
  sitePath(siteId, `/visitors/${encodeURIComponent(visitorId)}${rest}`);

export const visitorQuery = (siteId: string, visitorId: string) =>
  queryOptions({
    queryKey: ["visitors", siteId, "one", visitorId],
    queryFn: ({ signal }) => api.get<Visitor>(visitorPath(siteId, visitorId), undefined, signal),
  });

const changed = (siteId: string) =>
  queryClient.invalidateQueries({ queryKey: ["visitors", siteId] });

/** Says that this browser belongs to the person of another one. */
export async function merge(
  siteId: string,
  visitorId: string,
  into: { withVisitorId: string } | { userId: string },
): Promise<void> {
  await api.post<void>(visitorPath(siteId, visitorId, "/links"), into);
  await changed(siteId);
}

/** Takes this browser out of its person again. */
export async function unmerge(siteId: string, visitorId: string): Promise<void> {
  await api.delete(visitorPath(siteId, visitorId, "/links"));
  await changed(siteId);
}
