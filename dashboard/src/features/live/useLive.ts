import { useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { api } from "../../api/client";
import type { RealtimeReport } from "../../api/reports";
import { type Snapshot, streamOf } from "./stream";

const POLL_MS = 15_000;

export function useLive(siteId: string): Snapshot {
  const stream = streamOf(siteId);
  return useSyncExternalStore(stream.subscribe, stream.read);
}

/** Visitors of the last five minutes: told by the stream, asked for where there is none. */
export function usePresence(siteId: string): number | null {
  const { state, visitors } = useLive(siteId);
  const asked = useQuery({
    queryKey: ["presence", siteId],
    queryFn: ({ signal }) =>
      api.get<RealtimeReport>(
        "/v1/reports/realtime",
        { site: siteId, metrics: "visitors" },
        signal,
      ),
    enabled: state === "lost",
    refetchInterval: POLL_MS,
    staleTime: 0,
  });
  return state === "lost" ? (asked.data?.visitors ?? visitors) : visitors;
}
