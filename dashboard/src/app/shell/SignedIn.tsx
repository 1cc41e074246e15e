import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Redirect, useLocation, useSearch } from "wouter";
import { isApiError } from "../../api/error";
import { sessionQuery } from "../../api/session";
import { Problem } from "../../features/problem/Problem";

/** Lets only a signed-in person pass; anybody else goes to the login and comes back afterwards. */
export function SignedIn({ children }: { children: ReactNode }) {
  const session = useQuery(sessionQuery);
  const [path] = useLocation();
  const search = useSearch();
  if (isApiError(session.error, "unauthorized")) {
    const next = search ? `${path}?${search}` : path;
    return (
      <Redirect replace to={next === "/" ? "/login" : `/login?next=${encodeURIComponent(next)}`} />
    );
  }
  if (session.data) return children;
  if (session.error) {
    return (
      <main>
        <h1 className="sr-only">Clew</h1>
        <Problem
          error={session.error}
          onRetry={() => session.refetch()}
          retrying={session.isFetching}
        />
      </main>
    );
  }
  return null;
}
