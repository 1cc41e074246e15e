import { useMemo } from "react";
import type { BreakdownReport } from "../../../api/reports";
import { t } from "../../../lib/i18n";
import WorldMap from "../../../ui/charts/WorldMap";
import { useOverview } from "../context";
import { valueLabel } from "../dimensions";
import { METRIC } from "../metrics";
import { clickIntent } from "./intent";
import { useMarking } from "./Marking";
import { chosenValues } from "./marks";
import { useRowIntent } from "./useRowIntent";

/** Where the visitors of the view are; a click limits the view to a country, as a click on a row does. */
export default function CountryMap({ report }: { report: BreakdownReport }) {
  const { state } = useOverview();
  const { marks } = useMarking();
  const act = useRowIntent("country");
  const places = useMemo(
    () =>
      report.rows
        .filter(({ value }) => value !== "")
        .map(({ value, visitors }) => ({
          code: value,
          name: valueLabel("country", value),
          value: visitors ?? 0,
          text: t("{n, plural, one {# visitor} other {# visitors}}", { n: visitors ?? 0 }),
        })),
    [report],
  );
  return (
    <div className="pt-2">
      <WorldMap
        label={t("Visitors by country")}
        places={places}
        chosen={chosenValues(state.filter, marks, "country")}
        format={METRIC.visitors.short}
        onChoose={(code, event) => {
          const intent = clickIntent(event);
          if (intent) act(intent, code);
        }}
      />
    </div>
  );
}
