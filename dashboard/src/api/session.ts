import { queryOptions, useQuery } from "@tanstack/react-query";
import { api } from "./client";
import { queryClient } from "./query-client";
import type { InspectedLink, OpenSession, Role, Session, Setup } from "./types";

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

/** A session begins: nothing that an earlier one has loaded may be seen by it. */
function begin(session: Session): Session {
  queryClient.clear();
  queryClient.setQueryData(sessionQuery.queryKey, session);
  return session;
}

export async function signIn(body: { email: string; password: string }): Promise<Session> {
  return begin(await api.post<Session>("/v1/session", body));
}

export async function signOut(): Promise<void> {
  await api.delete("/v1/session");
  queryClient.clear();
}

export const setupQuery = queryOptions({
  queryKey: ["setup"],
  queryFn: ({ signal }) => api.get<{ needed: boolean }>("/v1/setup", undefined, signal),
});

export async function setUp(body: Setup): Promise<Session> {
  return begin(await api.post<Session>("/v1/setup", body));
}

export const linkQuery = (token: string) =>
  queryOptions({
    queryKey: ["link", token],
    queryFn: () => api.post<InspectedLink>("/v1/links/inspect", { token }),
    staleTime: Number.POSITIVE_INFINITY,
    enabled: token !== "",
  });

export async function redeemLink(body: {
  token: string;
  password: string;
  name?: string;
}): Promise<Session> {
  return begin(await api.post<Session>("/v1/links/redeem", body));
}

export function changePassword(body: { currentPassword: string; newPassword: string }) {
  return api.post<void>("/v1/session/password", body);
}

export const openSessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: async ({ signal }) =>
    (await api.get<{ sessions: OpenSession[] }>("/v1/sessions", undefined, signal)).sessions,
});

export async function endSession(sessionId: string): Promise<void> {
  await api.delete(`/v1/sessions/${encodeURIComponent(sessionId)}`);
  await queryClient.invalidateQueries({ queryKey: openSessionsQuery.queryKey });
}

export async function endOtherSessions(): Promise<void> {
  await api.delete("/v1/sessions");
  await queryClient.invalidateQueries({ queryKey: openSessionsQuery.queryKey });
}
