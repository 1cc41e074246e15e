import type { GeoStatus } from "../../api/privacy";
import { formatDate } from "../../lib/format/date";
import { formatNumber } from "../../lib/format/number";
import { t } from "../../lib/i18n";
import { Card } from "../../ui/Card";
import { CodeBlock } from "../../ui/CodeBlock";

/** Where the places of visitors come from. */
export function PlacesCard({ geo }: { geo: GeoStatus }) {
  const looked = geo.source === "database";
  return (
    <Card
      title={t("Places of visitors")}
      description={
        looked
          ? t("Looked up on this server; no address is sent anywhere.")
          : t(
              "By the time zone of the browser: countries only. A database gives regions and cities; it stays on this server.",
            )
      }
    >
      {!looked && <CodeBlock label={t("On the command line")} code="clew geo update" />}
      <ul className="flex flex-col gap-3 text-sm not-first:mt-4">
        {geo.databases.map(({ name, builtAt, records, attribution }) => (
          <li key={name}>
            <p className="font-medium wrap-anywhere">{name}</p>
            <p className="text-muted">
              {t("Of {date}, {n} entries", {
                date: formatDate(builtAt, "date", "UTC"),
                n: formatNumber(records),
              })}
            </p>
            {attribution && <p className="text-muted wrap-anywhere">{attribution}</p>}
          </li>
        ))}
      </ul>
    </Card>
  );
}
