import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";

/** The built-in channels in the order in which they are asked. */
export const channelsQuery = queryOptions({
  queryKey: ["channels"],
  queryFn: async ({ signal }) =>
    (await api.get<{ channels: { name: string }[] }>("/v1/channels", undefined, signal)).channels,
  staleTime: Number.POSITIVE_INFINITY,
});
