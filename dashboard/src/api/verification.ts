import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import { sitePath } from "./sites";
import type { Verification } from "./types";

const POLL_MS = 2_000;

/** Whether the site's snippet works; asked again every two seconds. */
export const verificationQuery = (siteId: string) =>
  queryOptions({
    queryKey: ["verification", siteId],
    queryFn: ({ signal }) =>
      api.get<Verification>(sitePath(siteId, "/verification"), undefined, signal),
    refetchInterval: POLL_MS,
    staleTime: 0,
  });
