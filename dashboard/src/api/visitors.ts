import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import { queryClient } from "./query-client";
import { sitePath } from "./sites";

export interface VisitorRow {
  visitorId: string;
  identityMethod: string;
  firstSeenAt: string;
  lastSeenAt: string;
  events: number;
  person: Person | null;
}

export interface Person {
  personId: string;
  visitors: string[];
}

/** A visit's beginning with what led to it. */
export interface Touch {
  at: string;
  eventId: string;
  source: string | null;
  medium: string | null;
  campaign: string | null;
  content: string | null;
  term: string | null;
  channel: string | null;
  clickId: string | null;
  referrerHost: string | null;
  landingPath: string | null;
}

export interface Share {
  source: string | null;
  medium: string | null;
  campaign: string | null;
  channel: string | null;
  /** From 0 to 1; all together are 1. */
  share: number;
}

export const MODELS = ["first", "last", "linear", "timeDecay", "positionBased"] as const;
export type Model = (typeof MODELS)[number];

export interface Score {
  score: number;
  version: number;
  reasons: { code: string; points: number; text: string }[];
}

export interface PersonLink {
  kind: "user" | "fingerprint" | "ip" | "network" | (string & {});
  value: string;
  at: string;
}

export interface Visitor extends VisitorRow {
  visits: number;
  pageviews: number;
  firstTouch: Touch | null;
  lastTouch: Touch | null;
  touches: Touch[];
  attribution: Record<Model, Share[]>;
  links: PersonLink[];
  engagement: Score;
  suspicion: Score;
}

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
