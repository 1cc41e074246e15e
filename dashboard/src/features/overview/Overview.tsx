import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { t } from "../../lib/i18n";
import { ErrorState } from "../../ui/ErrorState";
import { Skeleton } from "../../ui/Skeleton";
import { useLiveRefresh } from "../live/useLiveRefresh";
import { ChartCard } from "./chart/ChartCard";
import { useOverview } from "./context";
import { FilterBar } from "./filters/FilterBar";
import { KpiRow } from "./kpi/KpiRow";
import { NoEventsYet } from "./NoEventsYet";
import { Panel } from "./panels/Panel";
import { reportQuery, reportsKey, totalsQuestion } from "./reports";
import { Toolbar } from "./Toolbar";
import { useShortcuts } from "./useShortcuts";

const DetailsDialog = lazy(() => import("./details/DetailsDialog"));
const HealthStrip = lazy(() => import("./health/HealthStrip"));

export function Overview() {
  const { site, state, scope } = useOverview();
  const totals = useQuery({
    ...reportQuery(totalsQuestion(scope)),
    refetchInterval: scope.askAgainMs,
  });
  const { data, error, isPlaceholderData, refetch, isFetching } = totals;
  useLiveRefresh(site.siteId, reportsKey(site.siteId), scope.askAgainMs !== false);
  useShortcuts();
  const visitors = data?.totals.visitors ?? 0;
  return (
    <>
      <Toolbar />
      <FilterBar />
      {site.firstEventAt === null && data?.totals.pageviews === 0 && <NoEventsYet />}
      <section
        aria-label={t("Numbers and chart")}
        className="overflow-hidden rounded-l border border-line bg-card shadow-s"
      >
        {error && !data ? (
          <ErrorState
            title={t("The numbers could not be loaded")}
            onRetry={() => void refetch()}
            retrying={isFetching}
          >
            {error.message}
          </ErrorState>
        ) : (
          <KpiRow report={data} waiting={isPlaceholderData} />
        )}
        <ChartCard />
      </section>
      <div className="mt-4 grid gap-4 lg:grid-cols-2 2xl:grid-cols-6">
        <Panel name="sources" total={visitors} className="2xl:col-span-3" />
        <Panel name="pages" total={visitors} className="2xl:col-span-3" />
        <Panel name="locations" total={visitors} className="2xl:col-span-2" />
        <Panel name="devices" total={visitors} className="2xl:col-span-2" />
        <Panel name="events" total={visitors} className="lg:max-2xl:col-span-2 2xl:col-span-2" />
      </div>
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
