import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import { queryClient } from "./query-client";
import { sitePath } from "./sites";
import type { PrivacySummary, Retention } from "./types";

export const privacyQuery = (siteId: string) =>
  queryOptions({
    queryKey: ["privacy", siteId],
    queryFn: ({ signal }) =>
      api.get<PrivacySummary>(sitePath(siteId, "/privacy"), undefined, signal),
  });

export const retentionQuery = (siteId: string) =>
  queryOptions({
    queryKey: ["retention", siteId],
    queryFn: ({ signal }) => api.get<Retention>(sitePath(siteId, "/retention"), undefined, signal),
    staleTime: 0,
  });

/** Removes what is older than the site keeps, now instead of tonight. It goes on in the background. */
export async function runRetention(siteId: string): Promise<void> {
  const now = await api.post<Retention>(sitePath(siteId, "/retention/run"));
  queryClient.setQueryData(retentionQuery(siteId).queryKey, now);
}

/** The record of processing activities, as a document. */
export const recordPath = (siteId: string, format: "md" | "json") =>
  sitePath(siteId, `/processing-record?format=${format}`);

export const recordQuery = (siteId: string) =>
  queryOptions({
    queryKey: ["processing-record", siteId],
    queryFn: ({ signal }) => api.text(recordPath(siteId, "md"), signal),
  });
