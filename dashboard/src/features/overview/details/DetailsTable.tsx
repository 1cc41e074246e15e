import { ArrowDown, ArrowUp, Filter as FilterIcon, FilterX } from "lucide-react";
import type { BreakdownRow, Metric } from "../../../api/reports";
import { t } from "../../../lib/i18n";
import type { Dimension, Metric as Graphed } from "../../../lib/state/dimension";
import { exclude, type Filter, include } from "../../../lib/state/filter";
import { IconButton } from "../../../ui/IconButton";
import { type Column, Table } from "../../../ui/Table";
import { useOverview } from "../context";
import { Delta } from "../Delta";
import { DIMENSION, valueLabel } from "../dimensions";
import { METRIC } from "../metrics";
import { ValueText } from "../panels/ValueText";
import { DETAIL_METRICS } from "../reports";
import type { Sorting } from "./sorting";

interface DetailsTableProps {
  dimension: Dimension;
  rows: readonly BreakdownRow[];
  compared: boolean;
  sorting: Sorting;
  onSort: (by: Metric) => void;
  onChosen: (filter: Filter) => void;
}

export function DetailsTable(props: DetailsTableProps) {
  const { dimension, rows, compared, sorting, onSort, onChosen } = props;
  const { filter } = useOverview().state;
  const metrics = dimension === "event" ? (["visitors", "events"] as const) : DETAIL_METRICS;
  const name: Column<BreakdownRow> = {
    key: "value",
    head: t(DIMENSION[dimension]),
    isName: true,
    className: "w-full max-w-0 min-w-44",
    cell: (row) => (
      <button
        type="button"
        className="flex w-full min-w-0 rounded-s text-left hover:text-accent"
        onClick={() => onChosen(include(filter, dimension, row.value))}
      >
        <ValueText dimension={dimension} value={row.value} />
      </button>
    ),
  };
  const actions: Column<BreakdownRow> = {
    key: "actions",
    head: <span className="sr-only">{t("Filter")}</span>,
    align: "end",
    cell: (row) => {
      const value = valueLabel(dimension, row.value);
      return (
        <span className="flex">
          <IconButton
            size="sm"
            label={t("Only {value}", { value })}
            icon={<FilterIcon size={14} />}
            onClick={() => onChosen(include(filter, dimension, row.value))}
          />
          <IconButton
            size="sm"
            label={t("Without {value}", { value })}
            icon={<FilterX size={14} />}
            onClick={() => onChosen(exclude(filter, dimension, row.value))}
          />
        </span>
      );
    },
  };
  return (
    <Table
      caption={t(DIMENSION[dimension])}
      rowKey={(row) => row.value}
      rows={rows}
      columns={[
        name,
        ...metrics.map((metric) => column(metric, compared, sorting, onSort)),
        actions,
      ]}
    />
  );
}

function column(
  metric: Graphed | "events",
  compared: boolean,
  sorting: Sorting,
  onSort: (by: Metric) => void,
): Column<BreakdownRow> {
  const info = METRIC[metric];
  const sortedBy = sorting.by === metric;
  const Arrow = sorting.descending ? ArrowDown : ArrowUp;
  return {
    key: metric,
    align: "end",
    className: "whitespace-nowrap",
    sorted: sortedBy ? (sorting.descending ? "descending" : "ascending") : undefined,
    head: (
      <button
        type="button"
        onClick={() => onSort(metric)}
        className="inline-flex items-center gap-1 rounded-s hover:text-ink"
      >
        {sortedBy && <Arrow size={12} aria-hidden="true" />}
        {t(info.label)}
      </button>
    ),
    cell: (row) => (
      <>
        <span className="block">{info.exact(row[metric])}</span>
        {compared && (
          <span className="flex items-center justify-end gap-1.5 text-xs text-muted">
            {info.short(row.comparison?.[metric])}
            <Delta metric={metric} now={row[metric]} before={row.comparison?.[metric]} />
          </span>
        )}
      </>
    ),
  };
}
