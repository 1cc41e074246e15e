import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import { queryClient } from "./query-client";
import { sitePath } from "./sites";
import type { SampleData } from "./types";

const POLL_MS = 1_000;

/** Asked again and again only while something goes on. */
export const sampleDataQuery = (siteId: string) =>
  queryOptions({
    queryKey: ["sample-data", siteId],
    queryFn: ({ signal }) =>
      api.get<SampleData>(sitePath(siteId, "/sample-data"), undefined, signal),
    refetchInterval: ({ state }) =>
      state.data?.state === "loading" || state.data?.state === "removing" ? POLL_MS : false,
  });

export async function loadSampleData(siteId: string): Promise<SampleData> {
  return keep(siteId, await api.post<SampleData>(sitePath(siteId, "/sample-data")));
}

export async function removeSampleData(siteId: string): Promise<SampleData> {
  return keep(siteId, await api.delete<SampleData>(sitePath(siteId, "/sample-data")));
}

function keep(siteId: string, state: SampleData): SampleData {
  queryClient.setQueryData(sampleDataQuery(siteId).queryKey, state);
  return state;
}
