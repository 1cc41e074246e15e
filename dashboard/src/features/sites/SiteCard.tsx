import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { Site } from "../../api/types";
import { siteAddress } from "../../lib/address";
import { cx } from "../../lib/class";
import { changeOf, formatChange } from "../../lib/format/change";
import { formatCompact } from "../../lib/format/number";
import { t } from "../../lib/i18n";
import { useSeen } from "../../lib/seen";
import { Badge } from "../../ui/Badge";
import { Sparkline } from "../../ui/charts/Sparkline";
import { Skeleton } from "../../ui/Skeleton";
import { currentVisitorsQuery, summaryQuery, type Totals } from "./summary";

/** A site and how it is doing. The whole card leads to its overview. */
export function SiteCard({ site }: { site: Site }) {
  const [card, seen] = useSeen<HTMLLIElement>();
  const summary = useQuery({ ...summaryQuery(site.siteId), enabled: seen });
  // Sample data are no events of the site, but there is something to see.
  const waiting = site.firstEventAt === null && !site.hasSampleData;
  const current = useQuery({ ...currentVisitorsQuery(site.siteId), enabled: seen });
  return (
    <li
      ref={card}
      className="relative flex min-w-0 flex-col rounded-l border border-line bg-card p-5 shadow-s transition-[border-color,box-shadow] duration-(--fast) hover:border-control hover:shadow-l has-focus-visible:border-accent"
    >
      <div className="flex items-start justify-between gap-3">
        <div className="min-w-0">
          <h2 className="truncate font-semibold">
            <Link href={siteAddress(site)} className="after:absolute after:inset-0 after:rounded-l">
              {site.name}
            </Link>
          </h2>
          <p className="truncate text-sm text-muted">{site.domains.join(", ")}</p>
        </div>
        <div className="flex shrink-0 gap-1.5">
          {site.isDemo && <Badge>{t("Demo")}</Badge>}
          {site.hasSampleData && <Badge>{t("Sample data")}</Badge>}
          {!site.isActive && <Badge tone="warn">{t("Paused")}</Badge>}
        </div>
      </div>
      {waiting ? (
        <p className="mt-5 flex min-h-22 items-center text-sm text-muted">
          {t("Waiting for the first event.")}
        </p>
      ) : (
        <>
          <div className="mt-5 h-12">
            {summary.data ? (
              <Sparkline values={summary.data.days} className="h-12 w-full" />
            ) : (
              !summary.error && <Skeleton className="h-12" />
            )}
          </div>
          <dl className="mt-4 grid grid-cols-3 gap-3 border-t border-line pt-4">
            <Figure label={t("Now")}>
              <span className="flex items-center gap-1.5">
                <span
                  aria-hidden="true"
                  className={cx("size-2 rounded-full", current.data ? "bg-good" : "bg-line")}
                />
                {formatCompact(current.data)}
              </span>
            </Figure>
            <Figure label={t("24 hours")} totals={summary.data?.day} />
            <Figure label={t("7 days")} totals={summary.data?.week} />
          </dl>
        </>
      )}
    </li>
  );
}

function Figure({
  label,
  totals,
  children,
}: {
  label: string;
  totals?: Totals;
  children?: ReactNode;
}) {
  const change = totals && changeOf(totals.visitors, totals.before);
  return (
    <div className="min-w-0">
      <dt className="text-xs text-muted">{label}</dt>
      <dd className="flex flex-wrap items-baseline gap-x-1.5 text-lg font-semibold">
        {children ?? formatCompact(totals?.visitors)}
        {change && change.amount !== null && change.direction !== "same" && (
          <span
            className={cx(
              "text-xs font-medium",
              change.direction === "up" ? "text-good" : "text-bad",
            )}
          >
            <span aria-hidden="true">{change.direction === "up" ? "↑" : "↓"}</span>
            <span className="sr-only">{change.direction === "up" ? t("up") : t("down")} </span>
            {formatChange(change)}
          </span>
        )}
      </dd>
    </div>
  );
}
