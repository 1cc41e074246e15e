import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useCallback, useMemo } from "react";
import { explain } from "../../../api/explain";
import type { TimeseriesReport } from "../../../api/reports";
import { cx } from "../../../lib/class";
import { formatBucket, formatTick } from "../../../lib/format/date";
import { formatCompact, NOTHING } from "../../../lib/format/number";
import { t } from "../../../lib/i18n";
import type { Interval } from "../../../lib/time/interval";
import type { Period } from "../../../lib/time/period";
import { LineAreaChart } from "../../../ui/charts/LineAreaChart";
import { ErrorState } from "../../../ui/ErrorState";
import { Skeleton } from "../../../ui/Skeleton";
import { useOverview } from "../context";
import { ExplainButton } from "../explain/ExplainButton";
import { IconAnchor } from "../IconAnchor";
import { judge, METRIC } from "../metrics";
import { csvPath, reportQuery, seriesQuestion } from "../reports";
import { ChartLegend } from "./ChartLegend";
import { IntervalMenu } from "./IntervalMenu";
import { drawnSeries, zoomed } from "./series";

const HEIGHT = 288;

/** The graphed number over time, with the other period behind it. Dragging over it zooms. */
export function ChartCard() {
  const { state, scope, site, now, change } = useOverview();
  const question = seriesQuestion(scope, state);
  const { data, error, isPlaceholderData, refetch, isFetching } = useQuery({
    ...reportQuery(question),
    refetchInterval: scope.askAgainMs,
  });
  return (
    <div className="border-t border-line px-3 pt-3 pb-4 sm:px-5">
      <div className="flex min-h-9 flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <ChartLegend />
        <span className="ml-auto flex items-center">
          <IntervalMenu shown={data?.interval as Interval | undefined} />
          <ExplainButton
            subject={{ kind: "metric", metric: state.metric }}
            question={question}
            meta={data?.meta}
          />
          <IconAnchor
            href={csvPath(question)}
            label={t("{title} as CSV", { title: t(METRIC[state.metric].label) })}
            icon={<Download size={15} />}
          />
        </span>
      </div>
      <div className="mt-2" style={{ minHeight: HEIGHT }}>
        {error && !data ? (
          <ErrorState
            title={t("The chart could not be loaded")}
            onRetry={() => void refetch()}
            retrying={isFetching}
          >
            {explain(error).text}
          </ErrorState>
        ) : data ? (
          <div
            className={cx(
              "transition-opacity duration-(--fast)",
              isPlaceholderData && "opacity-50",
            )}
          >
            <Chart
              report={data}
              zone={site.timeZone}
              now={now}
              zoom={(period) => change({ period, interval: null })}
            />
          </div>
        ) : (
          <Skeleton className="h-72" />
        )}
      </div>
    </div>
  );
}

interface ChartProps {
  report: TimeseriesReport;
  zone: string;
  now: number;
  zoom: (period: Period) => void;
}

function Chart({ report, zone, now, zoom }: ChartProps) {
  const metric = metricOf(report) ?? "visitors";
  const info = METRIC[metric];
  const interval = report.interval as Interval;
  const drawn = useMemo(() => drawnSeries(report, metric, now), [report, metric, now]);
  const formats = useMemo(
    () => ({
      value: info.exact,
      axis: info.whole ? formatCompact : info.short,
      tick: (at: number) => formatTick(at, interval, drawn.days, zone),
      bucket: (at: number) => formatBucket(at, interval, zone),
      change: (after: number | null, before: number | null) => {
        const change = judge(metric, after, before);
        if (!change || change.text === NOTHING) return "";
        return `${{ up: "↑ ", down: "↓ ", same: "" }[change.direction]}${change.text}`;
      },
    }),
    [metric, info, interval, drawn.days, zone],
  );
  const take = useCallback(
    ({ first, last }: { first: number; last: number }) => zoom(zoomed(drawn, first, last, zone)),
    [drawn, zoom, zone],
  );
  return (
    <LineAreaChart
      label={t(info.label)}
      points={drawn.points}
      comparison={drawn.comparison}
      incompleteFrom={drawn.incompleteFrom}
      whole={info.whole}
      formats={formats}
      height={HEIGHT}
      onTake={interval === "minute" ? undefined : take}
    />
  );
}

/** What the answer shows, which for a moment is not yet what was chosen. */
function metricOf(report: TimeseriesReport) {
  const [point] = report.points;
  return (Object.keys(METRIC) as (keyof typeof METRIC)[]).find((name) => point && name in point);
}
