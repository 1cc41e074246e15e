import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { auditQuery } from "../../api/audit";
import { atLeast, useSession } from "../../api/session";
import { sitesQuery } from "../../api/sites";
import type { AuditEntry, Site } from "../../api/types";
import { moment } from "../../lib/ago";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { EmptyState } from "../../ui/EmptyState";
import { SkeletonLines } from "../../ui/Skeleton";
import { type Column, Table } from "../../ui/Table";
import { Problem } from "../problem/Problem";
import { SettingsFrame } from "../settings/SettingsFrame";
import { ChainBadge } from "./ChainBadge";
import { DetailView } from "./DetailView";
import { HashButton } from "./HashButton";

/** Who did what, newest first. */
export default function AuditPage() {
  const mayLook = atLeast(useSession().role, "admin");
  const audit = useInfiniteQuery({ ...auditQuery, enabled: mayLook });
  const sites = useQuery(sitesQuery).data ?? [];
  const entries = audit.data?.pages.flatMap((page) => page.entries);
  return (
    <SettingsFrame
      page="/settings/audit"
      description={t("Who changed or looked at what. Entries cannot be changed.")}
    >
      {mayLook && <ChainBadge />}
      <Card>
        {audit.isPending && <SkeletonLines lines={6} />}
        {!entries && audit.error && (
          <Problem error={audit.error} onRetry={audit.refetch} retrying={audit.isFetching} />
        )}
        {entries?.length === 0 && <EmptyState title={t("Nothing has happened yet")} />}
        {entries && entries.length > 0 && (
          <Table
            caption={t("Audit log")}
            columns={columns(sites)}
            rows={entries}
            rowKey={(entry) => entry.entryId}
          />
        )}
        {audit.hasNextPage && (
          <div className="mt-4 text-center">
            <Button loading={audit.isFetchingNextPage} onClick={() => audit.fetchNextPage()}>
              {t("Show older entries")}
            </Button>
          </div>
        )}
      </Card>
    </SettingsFrame>
  );
}

function actorName({ kind, name, id }: AuditEntry["actor"]): string {
  if (kind === "command_line") return t("Command line");
  if (kind === "system") return t("Clew itself");
  return name ?? id ?? t("unknown");
}

function columns(sites: Site[]): Column<AuditEntry>[] {
  return [
    {
      key: "seq",
      head: t("No."),
      align: "end",
      className: "text-muted",
      cell: ({ seq }) => seq,
    },
    {
      key: "at",
      head: t("When"),
      className: "whitespace-nowrap text-muted",
      cell: ({ at }) => <time dateTime={at}>{moment(at)}</time>,
    },
    { key: "actor", head: t("Who"), className: "min-w-32", cell: ({ actor }) => actorName(actor) },
    {
      key: "action",
      head: t("What"),
      isName: true,
      cell: ({ action }) => <code className="font-mono text-xs">{action}</code>,
    },
    {
      key: "site",
      head: t("Site"),
      cell: ({ siteId }) =>
        siteId && (sites.find((site) => site.siteId === siteId)?.name ?? siteId.slice(0, 8)),
    },
    {
      key: "detail",
      head: t("Details"),
      className: "min-w-48",
      cell: ({ subjectKind, subjectId, detail }) => (
        <div className="max-w-md text-xs wrap-anywhere text-muted">
          {subjectKind} <bdi>{subjectId.slice(0, 8)}</bdi>
          <DetailView detail={detail} />
        </div>
      ),
    },
    {
      key: "hash",
      head: t("Hash"),
      align: "end",
      cell: ({ hash, seq }) => <HashButton hash={hash} seq={seq} />,
    },
  ];
}
