import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import { queryClient } from "./query-client";
import { sitePath } from "./sites";
import type { IpPolicy, Profile, VisitorIdPolicy } from "./types";

/** How a site keeps its promises: what is kept, who agreed, which salts live. */
export interface PrivacySummary {
  profile: Profile;
  ip: IpPolicy;
  /** By what a visitor answered. */
  table: { state: string; keeps: string[]; forbids: string[] }[];
  /** Null while reports are not available. */
  consentMix: {
    granted: number;
    denied: number;
    unknown: number;
    gpc: number;
    events: number;
    from: string;
    to: string;
  } | null;
  identityMix: Record<string, number> | null;
  salts: {
    living: { day: string; destroyAt: string }[];
    destroyed: { count: number; lastAt: string | null; chainOk: boolean };
  };
  geo: GeoStatus;
  visitorId: { policy: VisitorIdPolicy; days: number };
}

export interface GeoStatus {
  source: "database" | "time_zone";
  databases: {
    name: string;
    /** Epoch milliseconds. */
    builtAt: number;
    records: number;
    attribution: string | null;
  }[];
}

export interface Retention {
  eventDays: number;
  rawDays: number;
  action: "archive" | "delete";
  lastRunAt: string | null;
  removed: number;
  archivedRows: number;
  archivedFiles: number;
  nextRunAt: string;
}

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
