import { createContext, type ReactNode, useCallback, useContext, useMemo } from "react";
import { useLocation, useRouter, useSearch } from "wouter";
import { useSite } from "../../api/sites";
import type { Site } from "../../api/types";
import { type OverviewState, parseState, serialiseState } from "../../lib/state/overview";
import { type Scope, scopeOf } from "./reports";
import { useNow } from "./useNow";

export type ChangeState = (change: Partial<OverviewState>, how?: { replace: boolean }) => void;

interface Overview {
  site: Site;
  state: OverviewState;
  /** A step in the browser's history, unless it replaces the current one. */
  change: ChangeState;
  /** The whole address of the state after a change, for links. */
  hrefAfter: (change: Partial<OverviewState>) => string;
  scope: Scope;
  now: number;
}

const OverviewContext = createContext<Overview | null>(null);

/** The state of the overview, held by the address and nowhere else. */
export function OverviewProvider({ siteId, children }: { siteId: string; children: ReactNode }) {
  const site = useSite(siteId);
  const [path, navigate] = useLocation();
  const { base } = useRouter();
  const search = useSearch();
  const now = useNow();
  const state = useMemo(() => parseState(search), [search]);
  const scope = useMemo(
    () => scopeOf(siteId, state, site.timeZone, now),
    [siteId, state, site.timeZone, now],
  );
  const addressAfter = useCallback(
    (change: Partial<OverviewState>) => {
      const query = serialiseState({ ...state, ...change });
      return query ? `${path}?${query}` : path;
    },
    [path, state],
  );
  const change = useCallback<ChangeState>(
    (changed, how) => navigate(addressAfter(changed), how),
    [navigate, addressAfter],
  );
  const hrefAfter = useCallback(
    (changed: Partial<OverviewState>) => base + addressAfter(changed),
    [base, addressAfter],
  );
  const value = useMemo(
    () => ({ site, state, change, hrefAfter, scope, now }),
    [site, state, change, hrefAfter, scope, now],
  );
  return <OverviewContext value={value}>{children}</OverviewContext>;
}

export function useOverview(): Overview {
  const overview = useContext(OverviewContext);
  if (!overview) throw new Error("useOverview outside of the overview");
  return overview;
}
