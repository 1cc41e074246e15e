import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { siteQuery } from "../../api/sites";
import { Problem } from "../../features/problem/Problem";
import { t } from "../../lib/i18n";
import { ButtonLink } from "../../ui/Button";
import { PageSkeleton } from "./Shell";

/** Loads the site that an address names, by slug or id, before its page appears. */
export function SiteFrame({
  site,
  children,
}: {
  site: string;
  children: (siteId: string) => ReactNode;
}) {
  const query = useQuery(siteQuery(site));
  if (query.data) return children(query.data.siteId);
  if (!query.error) return <PageSkeleton />;
  return (
    <div className="pt-10 text-center">
      <Problem error={query.error} onRetry={() => query.refetch()} retrying={query.isFetching} />
      <ButtonLink href="/">{t("To your sites")}</ButtonLink>
    </div>
  );
}
