import { memo } from "react";
import { t } from "../../lib/i18n";
import type { ChartFormats } from "./LineAreaChart";
import type { ChartPoint } from "./series";

interface ChartTableProps {
  label: string;
  points: readonly ChartPoint[];
  comparison: readonly ChartPoint[] | undefined;
  formats: ChartFormats;
}

/** The chart as a table for those who do not see it. */
export const ChartTable = memo(function ChartTable(props: ChartTableProps) {
  const { label, points, comparison, formats } = props;
  return (
    <table className="sr-only">
      <caption>{t("{label} over time", { label })}</caption>
      <thead>
        <tr>
          <th scope="col">{t("Time")}</th>
          <th scope="col">{label}</th>
          {comparison && <th scope="col">{t("Before")}</th>}
        </tr>
      </thead>
      <tbody>
        {points.map((point, i) => (
          <tr key={point.t}>
            <th scope="row">{formats.bucket(point.t)}</th>
            <td>{formats.value(point.value)}</td>
            {comparison && <td>{formats.value(comparison[i]?.value ?? null)}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
});
