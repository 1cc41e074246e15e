import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError, isApiError } from "./error";

const TRIES = 2;

/** Only what may pass by itself is asked again: no answer, or a server that is unwell. */
function mayPass(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status >= 500);
}

/** The session has ended somewhere else: asking for it once more leads to the login. */
function onError(error: unknown, query?: { queryKey: readonly unknown[] }) {
  if (isApiError(error, "unauthorized") && query?.queryKey[0] !== "session") {
    queryClient.invalidateQueries({ queryKey: ["session"] });
  }
}

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: (error, query) => onError(error, query) }),
  mutationCache: new MutationCache({ onError: (error) => onError(error) }),
  defaultOptions: {
    queries: {
      retry: (failures, error) => failures < TRIES && mayPass(error),
      staleTime: 30_000,
      refetchOnWindowFocus: false,
    },
  },
});
