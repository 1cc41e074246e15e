import { api } from "./client";
import { queryClient } from "./query-client";
import { sessionQuery } from "./session";
import type { Account } from "./types";

export async function renameAccount(name: string): Promise<Account> {
  const account = await api.put<Account>("/v1/account", { name });
  await queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
  return account;
}
