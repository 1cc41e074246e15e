import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import { queryClient } from "./query-client";
import type { Key, NewKey } from "./types";

export const keysQuery = queryOptions({
  queryKey: ["keys"],
  queryFn: async ({ signal }) =>
    (await api.get<{ keys: Key[] }>("/v1/keys", undefined, signal)).keys,
});

function changed() {
  return queryClient.invalidateQueries({ queryKey: keysQuery.queryKey });
}

/** The secret is told this one time. */
export async function createKey(body: NewKey): Promise<{ key: Key; secret: string }> {
  const created = await api.post<{ key: Key; secret: string }>("/v1/keys", body);
  await changed();
  return created;
}

export async function revokeKey(keyId: string): Promise<void> {
  await api.delete(`/v1/keys/${encodeURIComponent(keyId)}`);
  await changed();
}
