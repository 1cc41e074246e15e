import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";

/** The built-in channels in the order in which they are asked. */
export const channelsQuery = queryOptions({
  queryKey: ["channels"],
  queryFn: ({ signal }) => api.get<{ channels: unknown[] }>("/v1/channels", undefined, signal),
  staleTime: Number.POSITIVE_INFINITY,
});
