import { useQuery } from "@tanstack/react-query";
import { Download, ListFilter } from "lucide-react";
import { lazy, Suspense, useId, useRef } from "react";
import { explain } from "../../../api/explain";
import type { BreakdownReport } from "../../../api/reports";
import { cx } from "../../../lib/class";
import { msg, t } from "../../../lib/i18n";
import { dimensionOf, openTab, type PanelName, type PanelTab } from "../../../lib/state/panel";
import { Button } from "../../../ui/Button";
import { ErrorState } from "../../../ui/ErrorState";
import { Skeleton, SkeletonLines } from "../../../ui/Skeleton";
import { useOverview } from "../context";
import { TAB } from "../dimensions";
import { ExplainButton } from "../explain/ExplainButton";
import { IconAnchor } from "../IconAnchor";
import { breakdownQuestion, csvPath, reportQuery } from "../reports";
import { useTotals } from "../useTotals";
import { NoRows } from "./NoRows";
import { PanelList } from "./PanelList";
import { PanelTabs } from "./PanelTabs";
import { useSeen } from "./useSeen";

const ROWS = 9;
/** More than there are countries. */
const MAPPED = 300;
/** Below the map there is room for these. */
const ROWS_BELOW = 3;

const CountryMap = lazy(() => import("./CountryMap"));

const TITLE: Record<PanelName, string> = {
  sources: msg("Sources"),
  pages: msg("Pages"),
  locations: msg("Locations"),
  devices: msg("Devices"),
  events: msg("Events"),
};

interface PanelProps {
  name: PanelName;
  className?: string;
}

/** A card with the most frequent values of a dimension, one tab each. Asks only once it is seen. */
export function Panel({ name, className }: PanelProps) {
  const { state, scope, change } = useOverview();
  const id = useId();
  const card = useRef<HTMLElement>(null);
  const seen = useSeen(card);
  const total = useTotals().data?.totals.visitors ?? 0;
  const tab = openTab(state.tabs, name);
  const dimension = dimensionOf(tab);
  const question = breakdownQuestion(scope, dimension, tab === "map" ? MAPPED : ROWS);
  const query = useQuery({
    ...reportQuery(question, tab),
    enabled: seen,
    refetchInterval: scope.askAgainMs,
  });
  const { data } = query;
  const listed = Math.min(data?.rows.length ?? 0, tab === "map" ? ROWS_BELOW : ROWS);
  const hidden = data ? data.total_rows - listed : 0;
  return (
    <section
      ref={card}
      aria-labelledby={id}
      className={cx(
        "flex min-w-0 flex-col rounded-l border border-line bg-card p-4 pb-3 shadow-s",
        className,
      )}
    >
      <div className="flex items-center justify-between gap-2">
        <h2 id={id} className="text-base font-semibold">
          {t(TITLE[name])}
        </h2>
        <span className="-mr-1.5 flex">
          <ExplainButton
            subject={{ kind: "breakdown", dimension }}
            question={question}
            meta={data?.meta}
          />
          <IconAnchor
            href={csvPath({ ...question, params: { ...question.params, limit: 1000 } })}
            label={t("{title} as CSV", { title: t(TAB[dimension] ?? TITLE[name]) })}
            icon={<Download size={15} />}
          />
        </span>
      </div>
      <PanelTabs
        name={name}
        title={t(TITLE[name])}
        value={tab}
        onChange={(to) => change({ tabs: { ...state.tabs, [name]: to } }, { replace: true })}
      >
        <div
          aria-busy={query.isFetching}
          className={cx(
            "@container min-h-60 transition-opacity duration-(--fast)",
            // Beside another panel all are as tall as the tallest can get.
            "lg:min-h-[22.2rem]",
            query.isPlaceholderData && "opacity-50",
          )}
        >
          <Body query={query} tab={tab} total={total} />
        </div>
      </PanelTabs>
      <div className="mt-auto flex min-h-9 items-center pt-1">
        {data && data.rows.length > 0 && (
          <Button
            size="sm"
            variant="ghost"
            className="-ml-1 text-muted hover:text-ink"
            icon={<ListFilter size={14} aria-hidden="true" />}
            onClick={() => change({ details: dimension })}
          >
            {hidden > 0 ? t("All {n}", { n: data.total_rows }) : t("Details")}
          </Button>
        )}
      </div>
    </section>
  );
}

function Body(props: {
  query: {
    data?: BreakdownReport;
    error: Error | null;
    isFetching: boolean;
    refetch: () => unknown;
  };
  tab: PanelTab;
  total: number;
}) {
  const { query, tab, total } = props;
  const { data, error } = query;
  const dimension = dimensionOf(tab);
  if (error && !data) {
    return (
      <ErrorState
        compact
        title={t("This could not be loaded")}
        onRetry={() => void query.refetch()}
        retrying={query.isFetching}
      >
        {explain(error).text}
      </ErrorState>
    );
  }
  if (!data) return <SkeletonLines lines={ROWS} />;
  const onlyUnknown = data.rows.length === 1 && data.rows[0]?.value === "";
  if (data.rows.length === 0 || onlyUnknown) {
    return <NoRows dimension={dimension} unknown={onlyUnknown} />;
  }
  if (tab !== "map") return <PanelList dimension={dimension} report={data} total={total} />;
  return (
    <>
      <Suspense fallback={<Skeleton className="h-56 rounded-m" />}>
        <CountryMap report={data} />
      </Suspense>
      <PanelList
        dimension={dimension}
        report={{ ...data, rows: data.rows.slice(0, ROWS_BELOW) }}
        total={total}
      />
    </>
  );
}
