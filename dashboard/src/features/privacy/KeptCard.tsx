import { Check, X } from "lucide-react";
import type { PrivacySummary } from "../../api/privacy";
import { t } from "../../lib/i18n";
import { Badge } from "../../ui/Badge";
import { Card } from "../../ui/Card";
import { type Column, Table } from "../../ui/Table";
import { profileName } from "../sites/ProfileChoice";
import { type KeptRow, keptRows } from "./kept";
import { KEPT, STATE, word } from "./words";

/** What the profile makes of a visit, by what the visitor answered. */
export function KeptCard(props: { summary: PrivacySummary; className?: string }) {
  const { profile, table, visitorId } = props.summary;
  const columns: Column<KeptRow>[] = [
    {
      key: "thing",
      head: t("What"),
      isName: true,
      className: "min-w-28",
      cell: ({ thing }) => word(KEPT, thing),
    },
    ...table.map(({ state }, i) => ({
      key: state,
      head: <span className="block whitespace-normal">{word(STATE, state)}</span>,
      className: "w-14 max-sm:px-1 max-sm:text-center sm:w-36",
      cell: ({ kept }: KeptRow) => <Answer kept={kept[i] ?? false} />,
    })),
  ];
  return (
    <Card
      className={props.className}
      title={t("What is kept, by what a visitor answers")}
      description={
        visitorId.policy === "none"
          ? t("This site gives no ids to browsers, whatever the answer.")
          : t("Where an id is kept, it lives {n, plural, one {# day} other {# days}} at most.", {
              n: visitorId.days,
            })
      }
      actions={<Badge tone="accent">{profileName(profile)}</Badge>}
    >
      <Table
        caption={t("What is kept, by what a visitor answers")}
        columns={columns}
        rows={keptRows(table)}
        rowKey={({ thing }) => thing}
      />
    </Card>
  );
}

function Answer({ kept }: { kept: boolean }) {
  const Icon = kept ? Check : X;
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <Icon size={16} aria-hidden="true" className={kept ? "text-good" : "text-bad"} />
      <span className="text-muted max-sm:sr-only">{kept ? t("kept") : t("not kept")}</span>
    </span>
  );
}
