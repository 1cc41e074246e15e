import { infiniteQueryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type { AuditEntry } from "./types";

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
