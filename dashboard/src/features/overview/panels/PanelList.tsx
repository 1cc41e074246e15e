import type { BreakdownReport } from "../../../api/reports";
import { cx } from "../../../lib/class";
import { t } from "../../../lib/i18n";
import type { Dimension } from "../../../lib/state/dimension";
import { include } from "../../../lib/state/filter";
import { useSiteOrigin } from "../../sites/origin";
import { useOverview } from "../context";
import { DIMENSION } from "../dimensions";
import { useMarking } from "./Marking";
import { chosenValues } from "./marks";
import { leadsToSite } from "./outside";
import { COLUMN, PanelRow, yielding } from "./PanelRow";
import { useRowIntent } from "./useRowIntent";

interface PanelListProps {
  dimension: Dimension;
  report: BreakdownReport;
  /** All visitors of the view: what 100 % is. */
  total: number;
}

export function PanelList({ dimension, report, total }: PanelListProps) {
  const { state, hrefAfter, site } = useOverview();
  const { filter } = state;
  const { marks } = useMarking();
  const act = useRowIntent(dimension);
  const origin = useSiteOrigin(site, leadsToSite(dimension));
  const compared = report.meta.comparison_range !== undefined;
  const longest = Math.max(0, ...report.rows.map((row) => row.visitors ?? 0));
  const chosen = chosenValues(filter, marks, dimension);
  return (
    <>
      <div className="flex h-7 items-center gap-3 pr-1 text-xs text-muted" aria-hidden="true">
        <span className="min-w-0 flex-1 truncate pl-2.5">{t(DIMENSION[dimension])}</span>
        {dimension === "event" && (
          <span className={cx(COLUMN.number, "text-right")}>{t("Events")}</span>
        )}
        <span className={cx(COLUMN.number, "text-right")}>{t("Visitors")}</span>
        {compared ? (
          <>
            <span className={cx(COLUMN.before, yielding(dimension, "before"), "text-right")}>
              {t("Before")}
            </span>
            <span className={cx(COLUMN.change, yielding(dimension, "last"), "text-right")}>
              {t("Change")}
            </span>
          </>
        ) : (
          <span className={cx(COLUMN.share, yielding(dimension, "last"), "text-right")}>%</span>
        )}
      </div>
      <ol className="flex flex-col gap-0.5" aria-label={t(DIMENSION[dimension])}>
        {report.rows.map((row) => (
          <PanelRow
            key={row.value}
            dimension={dimension}
            row={row}
            longest={longest}
            total={total}
            chosen={chosen.includes(row.value)}
            compared={compared}
            href={hrefAfter({ filter: include(filter, dimension, row.value) })}
            origin={origin}
            onIntent={act}
          />
        ))}
      </ol>
    </>
  );
}
