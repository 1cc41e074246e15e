import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type { AuditChain, AuditEntry } from "./types";

const PAGE = 50;

interface AuditPage {
  entries: AuditEntry[];
  nextCursor: string | null;
}

/** Newest first, a page at a time. */
export const auditQuery = infiniteQueryOptions({
  queryKey: ["audit"],
  queryFn: ({ pageParam, signal }) =>
    api.get<AuditPage>("/v1/audit", { before: pageParam, limit: PAGE }, signal),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.nextCursor,
  staleTime: 0,
});

/** Whether the whole log holds. */
export const chainQuery = queryOptions({
  queryKey: ["audit-verification"],
  queryFn: ({ signal }) => api.get<AuditChain>("/v1/audit/verification", undefined, signal),
  staleTime: 0,
});
