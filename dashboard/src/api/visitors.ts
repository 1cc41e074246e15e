import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import { queryClient } from "./query-client";
import { sitePath } from "./sites";

interface Seen {
  visitorId: string;
  identityMethod: string;
  firstSeenAt: string;
  lastSeenAt: string;
  events: number;
}

export interface VisitorRow extends Seen {
  /** Id of the person; null: nobody in particular. */
  person: string | null;
}

/** What brought a visitor once. Absent text is empty. */
export interface Touch {
  at: string;
  eventId: string;
  visitorId: string;
  source: string;
  medium: string;
  campaign: string;
  content: string;
  term: string;
  channel: string;
  clickId: string;
  clickIdKind: string;
  referrerHost: string;
  landingPath: string;
}

export interface Share {
  source: string;
  medium: string;
  campaign: string;
  channel: string;
  /** From 0 to 1; all together are 1. */
  share: number;
}

export const MODELS = ["first", "last", "linear", "timeDecay", "positionBased"] as const;
export type Model = (typeof MODELS)[number];

export interface Score {
  /** 0 to 100. */
  score: number;
  /** Of the rules; 0: not rated. */
  version: number;
  reasons: { code: string; points: number; text: string }[];
}

export interface PersonLink {
  kind: "user" | "merge" | "fingerprint" | "ip" | "network" | (string & {});
  value: string;
  at: string;
  /** Null where nobody said it. */
  saidBy: "page" | "hand" | null;
  /** Of a person: it is who the visitor is now. */
  stands: boolean;
  /** Who else has it. */
  visitors: string[];
}

export interface Visitor extends Seen {
  person: { personId: string; visitors: string[] } | null;
  visits: number;
  pageviews: number;
  firstTouch: Touch | null;
  lastTouch: Touch | null;
  touches: Touch[];
  attribution: Record<Model, Share[]>;
  links: PersonLink[];
  engagement: Score;
  suspicion: Score;
  /** False: visits and scores are about the latest events alone. */
  complete: boolean;
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
