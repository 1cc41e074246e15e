import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import { queryClient } from "./query-client";
import { sitePath } from "./sites";
import type { Erasure, Export } from "./types";

/** Whose data is meant: one browser, or a person by the id that the site gave them. */
export type Subject = { visitorId: string } | { userId: string };

const POLL_MS = 1_000;

/** Whether there will be news of it. */
export const goesOn = ({ status }: { status: string }) =>
  status === "queued" || status === "running";

/** Asked again and again only while something goes on. */
export const erasuresQuery = (siteId: string) =>
  queryOptions({
    queryKey: ["erasures", siteId],
    queryFn: async ({ signal }) =>
      (await api.get<{ erasures: Erasure[] }>(sitePath(siteId, "/erasures"), undefined, signal))
        .erasures,
    refetchInterval: ({ state }) => (state.data?.some(goesOn) ? POLL_MS : false),
  });

/** One erasure with its steps. */
export const erasureQuery = (siteId: string, erasureId: string) =>
  queryOptions({
    queryKey: ["erasures", siteId, erasureId],
    queryFn: ({ signal }) =>
      api.get<Erasure>(
        sitePath(siteId, `/erasures/${encodeURIComponent(erasureId)}`),
        undefined,
        signal,
      ),
    refetchInterval: ({ state }) => (state.data && !goesOn(state.data) ? false : POLL_MS),
    staleTime: 0,
  });

/** Why somebody is erased, by article 17 of the GDPR. */
export const REASONS = [
  "request",
  "consent_withdrawn",
  "objection",
  "no_longer_needed",
  "unlawful",
  "legal_obligation",
  "child",
] as const;
export type Reason = (typeof REASONS)[number];

export async function erase(siteId: string, subject: Subject, reason: Reason): Promise<Erasure> {
  const erasure = await api.post<Erasure>(sitePath(siteId, "/erasures"), { subject, reason });
  await queryClient.invalidateQueries({ queryKey: erasuresQuery(siteId).queryKey });
  return erasure;
}

export const certificatePath = (siteId: string, erasureId: string) =>
  sitePath(siteId, `/erasures/${encodeURIComponent(erasureId)}/certificate`);

export const exportsQuery = (siteId: string) =>
  queryOptions({
    queryKey: ["exports", siteId],
    queryFn: async ({ signal }) =>
      (await api.get<{ exports: Export[] }>(sitePath(siteId, "/exports"), undefined, signal))
        .exports,
    refetchInterval: ({ state }) => (state.data?.some(goesOn) ? POLL_MS : false),
  });

export async function startExport(siteId: string, subject: Subject): Promise<Export> {
  const started = await api.post<Export>(sitePath(siteId, "/exports"), { subject });
  await queryClient.invalidateQueries({ queryKey: exportsQuery(siteId).queryKey });
  return started;
}

export const exportPath = (siteId: string, exportId: string, format: "json" | "csv") =>
  sitePath(siteId, `/exports/${encodeURIComponent(exportId)}/file?format=${format}`);
