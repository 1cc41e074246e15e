import { lazy, Suspense } from "react";
import { t } from "../../lib/i18n";
import { Skeleton } from "../../ui/Skeleton";
import { useLiveRefresh } from "../live/useLiveRefresh";
import { ChartCard } from "./chart/ChartCard";
import { useOverview } from "./context";
import { FilterBar } from "./filters/FilterBar";
import { KpiRow } from "./kpi/KpiRow";
import { NoEventsYet } from "./NoEventsYet";
import { MarkingProvider } from "./panels/Marking";
import { Panel } from "./panels/Panel";
import { reportsKey } from "./reports";
import { Toolbar } from "./Toolbar";
import { useShortcuts } from "./useShortcuts";

const DetailsDialog = lazy(() => import("./details/DetailsDialog"));
const HealthStrip = lazy(() => import("./health/HealthStrip"));

/** The page's parts, in the order in which they ask: the numbers first. */
export function Overview() {
  const { site, state, scope } = useOverview();
  useLiveRefresh(site.siteId, reportsKey(site.siteId), scope.askAgainMs !== false);
  useShortcuts();
  return (
    <>
      <Toolbar />
      <FilterBar />
      <NoEventsYet />
      <section
        aria-label={t("Numbers and chart")}
        className="overflow-hidden rounded-l border border-line bg-card shadow-s"
      >
        <KpiRow />
        <ChartCard />
      </section>
      <MarkingProvider>
        <div className="mt-4 grid gap-4 lg:grid-cols-2 2xl:grid-cols-6">
          <Panel name="sources" className="2xl:col-span-3" />
          <Panel name="pages" className="2xl:col-span-3" />
          <Panel name="locations" className="2xl:col-span-2" />
          <Panel name="devices" className="2xl:col-span-2" />
          <Panel name="events" className="lg:max-2xl:col-span-2 2xl:col-span-2" />
        </div>
      </MarkingProvider>
      <Suspense fallback={<Skeleton className="mt-4 h-12 rounded-l" />}>
        <HealthStrip />
      </Suspense>
      {state.details && (
        <Suspense>
          <DetailsDialog dimension={state.details} />
        </Suspense>
      )}
    </>
  );
}
