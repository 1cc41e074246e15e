import type { CreditDimension } from "../../api/attribution";
import type { AttributionReport, CreditRow } from "../../api/types";
import { formatMoney } from "../../lib/format/money";
import { formatNumber, formatPercent } from "../../lib/format/number";
import { t } from "../../lib/i18n";
import { type Column, Table } from "../../ui/Table";
import { DIMENSION } from "../overview/dimensions";
import { ValueText } from "../overview/panels/ValueText";

interface Props {
  report: AttributionReport;
  dimension: CreditDimension;
}

/** A row, or what no touch led to. */
type ShownRow = CreditRow & { nobody?: boolean };

/** Who is credited with how much; what nobody is credited with stands last. */
export function CreditTable({ report, dimension }: Props) {
  const { rows, unattributed, meta } = report;
  if (meta.conversions === 0) {
    return (
      <p className="py-6 text-center text-sm text-muted">
        {t("No conversion in this period. Choose another event or a longer period.")}
      </p>
    );
  }
  const columns: Column<ShownRow>[] = [
    {
      key: "value",
      head: t(DIMENSION[dimension]),
      isName: true,
      className: "w-full max-w-0 min-w-36",
      cell: ({ value, nobody }) =>
        nobody ? (
          <span className="text-muted italic">{t("Nothing known led there")}</span>
        ) : (
          <ValueText dimension={dimension} value={value} />
        ),
    },
    {
      key: "conversions",
      head: t("Conversions"),
      align: "end",
      cell: ({ conversions }) => formatNumber(conversions),
    },
    {
      key: "share",
      head: "%",
      align: "end",
      className: "text-muted",
      cell: ({ conversions }) => formatPercent((conversions / meta.conversions) * 100),
    },
    {
      key: "revenue",
      head: t("Revenue"),
      align: "end",
      className: "whitespace-nowrap",
      cell: ({ revenue }) =>
        revenue.map(({ currency, minor }) => (
          <span key={currency} className="block">
            {formatMoney(minor, currency)}
          </span>
        )),
    },
  ];
  const shown: ShownRow[] = [
    ...rows,
    ...(unattributed.conversions > 0 ? [{ ...unattributed, nobody: true }] : []),
  ];
  return (
    <>
      <Table
        caption={t("Credited conversions")}
        columns={columns}
        rows={shown}
        rowKey={({ value, nobody }) => (nobody ? "nobody" : `of ${value}`)}
      />
      {meta.cookieless > 0 && (
        <p className="mt-4 text-sm text-muted">
          {t(
            "{n, plural, one {# conversion is} other {# conversions are}} of visitors who are recognised within one day only: nothing is known of what led them here before.",
            { n: meta.cookieless },
          )}
        </p>
      )}
    </>
  );
}
