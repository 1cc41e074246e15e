import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import { queryClient } from "./query-client";
import type { NewUser, OneTimeLink, User, UserChange } from "./types";

export const usersQuery = queryOptions({
  queryKey: ["users"],
  queryFn: async ({ signal }) =>
    (await api.get<{ users: User[] }>("/v1/users", undefined, signal)).users,
});

const path = (userId: string, rest = "") => `/v1/users/${encodeURIComponent(userId)}${rest}`;

function changed() {
  return queryClient.invalidateQueries({ queryKey: usersQuery.queryKey });
}

export async function inviteUser(body: NewUser): Promise<{ user: User; link: OneTimeLink }> {
  const invited = await api.post<{ user: User; link: OneTimeLink }>("/v1/users", body);
  await changed();
  return invited;
}

export async function changeUser(userId: string, change: UserChange): Promise<User> {
  const user = await api.put<User>(path(userId), change);
  await changed();
  return user;
}

export async function deleteUser(userId: string): Promise<void> {
  await api.delete(path(userId));
  await changed();
}

/** A one-time link with which the person chooses a password. Older ones end. */
export function newLink(userId: string): Promise<OneTimeLink> {
  return api.post<OneTimeLink>(path(userId, "/link"));
}
