import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type { EventView } from "./types";

/** The newest events of a site, newest first. */
export const newestEventsQuery = (siteId: string, limit: number) =>
  queryOptions({
    queryKey: ["events", siteId, "newest", limit],
    queryFn: async ({ signal }) => {
      const params = { site: siteId, limit };
      return (await api.get<{ events: EventView[] }>("/v1/events", params, signal)).events;
    },
    staleTime: 0,
  });
