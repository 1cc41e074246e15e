import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Redirect, useLocation, useSearch } from "wouter";
import { isApiError } from "../../api/error";
import { sessionQuery } from "../../api/session";

/** Lets only a signed-in person pass; anybody else goes to the login and comes back afterwards. */
export function SignedIn({ children }: { children: ReactNode }) {
  const session = useQuery(sessionQuery);
  const [path] = useLocation();
  const search = useSearch();
  if (session.data) return children;
  if (isApiError(session.error, "unauthorized")) {
    const next = search ? `${path}?${search}` : path;
    return <Redirect to={next === "/" ? "/login" : `/login?next=${encodeURIComponent(next)}`} />;
  }
  return null;
}
