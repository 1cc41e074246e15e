import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useLocation, useSearch } from "wouter";
import { atLeast } from "../../api/session";
import { useSite } from "../../api/sites";
import type { Site } from "../../api/types";
import { type VisitorRow, visitorsQuery } from "../../api/visitors";
import { cx } from "../../lib/class";
import { formatNumber } from "../../lib/format/number";
import { t } from "../../lib/i18n";
import { useTitle } from "../../lib/title";
import { Ago } from "../../ui/Ago";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { EmptyState } from "../../ui/EmptyState";
import { Input } from "../../ui/Input";
import { PageHeader } from "../../ui/PageHeader";
import { SkeletonLines } from "../../ui/Skeleton";
import { type Column, Table } from "../../ui/Table";
import { IDENTITY, reasonLabel } from "../overview/health/words";
import { NotAllowed } from "../problem/NotAllowed";
import { Problem } from "../problem/Problem";
import { visitorAddress } from "./address";

/** Finds a browser or a person by an id. What is searched for stands in the address. */
export default function VisitorsPage({ siteId }: { siteId: string }) {
  const site = useSite(siteId);
  const [path, navigate] = useLocation();
  const query = new URLSearchParams(useSearch()).get("query") ?? "";
  const [typed, setTyped] = useState(query);
  const mayLook = atLeast(site.role, "admin");
  const found = useQuery({ ...visitorsQuery(siteId, query), enabled: mayLook });
  useTitle(t("Visitors"), site.name);
  if (!mayLook) return <NotAllowed title={t("Visitors")} />;
  const search = (text: string) =>
    navigate(text ? `${path}?${new URLSearchParams({ query: text })}` : path);
  return (
    <>
      <PageHeader
        title={t("Visitors")}
        description={t(
          "Single browsers that gave an id, and the persons they belong to. Every look at one is in the audit log where the profile asks for it.",
        )}
      />
      <Card>
        <search>
          <form
            className="mb-5 flex flex-wrap gap-2"
            onSubmit={(event) => {
              event.preventDefault();
              search(typed.trim());
            }}
          >
            <span className="min-w-0 flex-1 basis-64">
              <Input
                type="search"
                maxLength={512}
                autoCapitalize="none"
                spellCheck={false}
                aria-label={t("Visitor id or user id")}
                placeholder={t("Visitor id or user id")}
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
              />
            </span>
            <Button type="submit" variant="primary">
              {t("Search")}
            </Button>
          </form>
        </search>
        {found.isPending && <SkeletonLines lines={6} />}
        {!found.data && found.error && (
          <Problem
            error={found.error}
            onRetry={() => void found.refetch()}
            retrying={found.isFetching}
          />
        )}
        {found.data?.length === 0 && <Nobody query={query} clear={() => search("")} />}
        {found.data && found.data.length > 0 && (
          <div
            aria-busy={found.isPlaceholderData}
            className={cx(found.isPlaceholderData && "opacity-50")}
          >
            <Table
              caption={query ? t("Found visitors") : t("Latest visitors")}
              columns={columns(site)}
              rows={found.data}
              rowKey={({ visitorId }) => visitorId}
            />
          </div>
        )}
      </Card>
    </>
  );
}

function Nobody({ query, clear }: { query: string; clear: () => void }) {
  if (query === "") {
    return (
      <EmptyState title={t("Nobody with an id yet")}>
        {t(
          "Visitors who are recognised within one day only are in no list: there is nothing to find them by.",
        )}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title={t("Nobody has this id")}
      actions={<Button onClick={clear}>{t("Show the latest")}</Button>}
    >
      {t("Ids are compared letter by letter. Perhaps the visitor was erased, or is too long ago.")}
    </EmptyState>
  );
}

function columns(site: Site): Column<VisitorRow>[] {
  return [
    {
      key: "visitor",
      head: t("Visitor"),
      isName: true,
      className: "min-w-44 max-w-80",
      cell: ({ visitorId }) => (
        <Link
          href={visitorAddress(site, visitorId)}
          title={visitorId}
          className="block truncate rounded-s font-mono text-xs underline decoration-accent/45 underline-offset-3 hover:decoration-accent"
        >
          <bdi>{visitorId}</bdi>
        </Link>
      ),
    },
    {
      key: "method",
      head: t("Known by"),
      className: "whitespace-nowrap",
      cell: ({ identityMethod }) => reasonLabel(IDENTITY, identityMethod),
    },
    {
      key: "person",
      head: t("Person"),
      cell: ({ person }) =>
        person && (
          <span title={person}>
            <Badge tone="accent">{t("known")}</Badge>
          </span>
        ),
    },
    {
      key: "first",
      head: t("First seen"),
      className: "whitespace-nowrap text-muted",
      cell: ({ firstSeenAt }) => <Ago time={firstSeenAt} />,
    },
    {
      key: "last",
      head: t("Last seen"),
      className: "whitespace-nowrap text-muted",
      cell: ({ lastSeenAt }) => <Ago time={lastSeenAt} />,
    },
    {
      key: "events",
      head: t("Events"),
      align: "end",
      cell: ({ events }) => formatNumber(events),
    },
  ];
}
