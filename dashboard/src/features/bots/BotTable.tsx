import type { BotRow } from "../../api/types";
import { formatDate } from "../../lib/format/date";
import { formatNumber } from "../../lib/format/number";
import { t } from "../../lib/i18n";
import { type Column, Table } from "../../ui/Table";
import { kindName } from "./kinds";

interface Props {
  caption: string;
  rows: readonly BotRow[];
  zone: string;
  withKind?: boolean;
  /** Said where there is no row. */
  none: string;
}

/** Bots by the name they give themselves. */
export function BotTable({ caption, rows, zone, withKind, none }: Props) {
  if (rows.length === 0) return <p className="text-sm text-muted">{none}</p>;
  const kind: Column<BotRow> = {
    key: "kind",
    head: t("Family"),
    className: "whitespace-nowrap text-muted",
    cell: (row) => kindName(row.kind),
  };
  const columns: Column<BotRow>[] = [
    {
      key: "name",
      head: t("Bot"),
      isName: true,
      className: "max-w-36 min-w-28 sm:max-w-64",
      cell: ({ value }) => (
        <bdi className="block truncate font-medium" title={value}>
          {value || t("Without a name")}
        </bdi>
      ),
    },
    ...(withKind ? [kind] : []),
    {
      key: "events",
      head: t("Events"),
      align: "end",
      cell: ({ events }) => formatNumber(events),
    },
    {
      key: "pageviews",
      head: t("Page views"),
      align: "end",
      cell: ({ pageviews }) => formatNumber(pageviews),
    },
    {
      key: "last",
      head: t("Last seen"),
      align: "end",
      className: "whitespace-nowrap text-muted",
      cell: ({ last_seen }) => formatDate(Date.parse(last_seen), "moment", zone),
    },
  ];
  return (
    <Table
      caption={caption}
      columns={columns}
      rows={rows}
      rowKey={({ value, kind }) => `${kind} ${value}`}
    />
  );
}
