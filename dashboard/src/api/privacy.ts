import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import { queryClient } from "./query-client";
import { sitePath } from "./sites";
import type { IpPolicy, Profile, VisitorIdPolicy } from "./types";

/** How a site keeps its promises: what is kept, who agreed, which salts live, what was removed. */
export interface PrivacySummary {
  profile: Profile;
  ip: IpPolicy;
  /** By what a visitor answered. */
  table: { state: string; keeps: string[]; forbids: string[] }[];
  consentMix: {
    granted: number;
    denied: number;
    unknown: number;
    gpc: number;
    events: number;
    from: string;
    to: string;
  };
  identityMix: Record<string, number>;
  salts: {
    living: { day: string; destroyAt: string }[];
    destroyed: { count: number; lastAt: string | null; chainOk: boolean };
  };
  retention: {
    eventDays: number;
    rawDays: number;
    action: "archive" | "delete";
    lastRunAt: string | null;
    removed: number;
    archivedFiles: number;
    nextRunAt: string | null;
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

export const privacyQuery = (siteId: string) =>
  queryOptions({
    queryKey: ["privacy", siteId],
    queryFn: ({ signal }) =>
      api.get<PrivacySummary>(sitePath(siteId, "/privacy"), undefined, signal),
  });

/** Removes what is older than the site keeps, now instead of tonight. */
export async function runRetention(siteId: string): Promise<void> {
  await api.post<void>(sitePath(siteId, "/retention/run"));
  await queryClient.invalidateQueries({ queryKey: privacyQuery(siteId).queryKey });
}

/** The record of processing activities, as a document. */
export const recordPath = (siteId: string, format: "md" | "json") =>
  sitePath(siteId, `/processing-record?format=${format}`);

export const recordQuery = (siteId: string) =>
  queryOptions({
    queryKey: ["processing-record", siteId],
    queryFn: ({ signal }) => api.text(recordPath(siteId, "md"), signal),
  });
