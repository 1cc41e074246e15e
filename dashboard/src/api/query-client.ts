import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "./error";

const TRIES = 2;

/** Only what may pass by itself is asked again: no answer, or a server that is unwell. */
export function mayPass(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status >= 500);
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (failures, error) => failures < TRIES && mayPass(error),
      staleTime: 30_000,
      refetchOnWindowFocus: false,
    },
  },
});
