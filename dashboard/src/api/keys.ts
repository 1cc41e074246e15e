import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import { queryClient } from "./query-client";
import type { Key, NewKey, NewMarketingKey } from "./types";

export const keysQuery = queryOptions({
  queryKey: ["keys"],
  queryFn: async ({ signal }) =>
    (await api.get<{ keys: Key[] }>("/v1/keys", undefined, signal)).keys,
});

function changed() {
  return queryClient.invalidateQueries({ queryKey: keysQuery.queryKey });
}

/** A key that has just been made. The secret is told this one time. */
export interface MadeKey {
  name: string;
  secret: string;
}

export async function createKey(body: NewKey): Promise<MadeKey> {
  const { key, secret } = await api.post<{ key: Key; secret: string }>("/v1/keys", body);
  await changed();
  return { name: key.name, secret };
}

/** Those that see some pages only are made here, and listed and revoked like all others. */
export async function createMarketingKey(body: NewMarketingKey): Promise<MadeKey> {
  const made = await api.post<{ name: string; key: string }>("/analytics/marketing-keys", body);
  await changed();
  return { name: made.name, secret: made.key };
}

export async function revokeKey(keyId: string): Promise<void> {
  await api.delete(`/v1/keys/${encodeURIComponent(keyId)}`);
  await changed();
}
