import { explain } from "../../../api/explain";
import { t } from "../../../lib/i18n";
import { METRICS } from "../../../lib/state/dimension";
import { ErrorState } from "../../../ui/ErrorState";
import { useOverview } from "../context";
import { useTotals } from "../useTotals";
import { Kpi } from "./Kpi";

/** The six numbers of the period. Each is a button that draws it. */
export function KpiRow() {
  const { state, change } = useOverview();
  const { data, error, isPlaceholderData, isFetching, refetch } = useTotals();
  if (error && !data) {
    return (
      <ErrorState
        compact
        title={t("The numbers could not be loaded")}
        onRetry={() => void refetch()}
        retrying={isFetching}
      >
        {explain(error).text}
      </ErrorState>
    );
  }
  return (
    <fieldset
      aria-label={t("Numbers")}
      aria-busy={isPlaceholderData}
      className="grid min-w-0 grid-cols-2 sm:grid-cols-3 xl:grid-cols-6"
    >
      {METRICS.map((metric) => (
        <Kpi
          key={metric}
          metric={metric}
          value={data?.totals[metric]}
          before={data?.comparison?.[metric]}
          compared={data?.comparison !== undefined}
          loading={data === undefined}
          dimmed={isPlaceholderData}
          chosen={state.metric === metric}
          onChoose={() => change({ metric })}
        />
      ))}
    </fieldset>
  );
}
