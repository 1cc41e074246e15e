import { queryOptions, useQuery } from "@tanstack/react-query";
import { api } from "./client";
import type { Role, Session } from "./types";

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: ({ signal }) => api.get<Session>("/v1/session", undefined, signal),
  staleTime: 5 * 60_000,
});

/** The signed-in session. Only for what the shell shows: it renders nothing before it is there. */
export function useSession(): Session {
  const { data } = useQuery(sessionQuery);
  if (!data) throw new Error("useSession outside of the signed-in part of the app");
  return data;
}

const RANK: Record<Role, number> = { viewer: 0, marketing: 1, admin: 2, owner: 3 };

/** Whether a role reaches another. What the server refuses is hidden, not greyed out. */
export function atLeast(role: Role | null, needed: Role): boolean {
  return role !== null && RANK[role] >= RANK[needed];
}
