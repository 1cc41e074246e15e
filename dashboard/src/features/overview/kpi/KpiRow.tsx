import type { OverviewReport } from "../../../api/reports";
import { t } from "../../../lib/i18n";
import { METRICS } from "../../../lib/state/dimension";
import { useOverview } from "../context";
import { Kpi } from "./Kpi";

/** The six numbers of the period. Each is a button that draws it. */
export function KpiRow({
  report,
  waiting,
}: {
  report: OverviewReport | undefined;
  waiting: boolean;
}) {
  const { state, change } = useOverview();
  return (
    <fieldset
      aria-label={t("Numbers")}
      aria-busy={waiting}
      className="grid min-w-0 grid-cols-2 sm:grid-cols-3 xl:grid-cols-6"
    >
      {METRICS.map((metric) => (
        <Kpi
          key={metric}
          metric={metric}
          value={report?.totals[metric]}
          before={report?.comparison?.[metric]}
          compared={report?.comparison !== undefined}
          loading={report === undefined}
          dimmed={waiting}
          chosen={state.metric === metric}
          onChoose={() => change({ metric })}
        />
      ))}
    </fieldset>
  );
}
