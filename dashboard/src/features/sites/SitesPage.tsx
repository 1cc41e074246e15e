import { useQuery } from "@tanstack/react-query";
import { Plus, Search } from "lucide-react";
import { useState } from "react";
import { atLeast, useSession } from "../../api/session";
import { sitesQuery } from "../../api/sites";
import { t } from "../../lib/i18n";
import { useTitle } from "../../lib/title";
import { ButtonAnchor, ButtonLink } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { Input } from "../../ui/Input";
import { PageHeader } from "../../ui/PageHeader";
import { Skeleton } from "../../ui/Skeleton";
import { Problem } from "../problem/Problem";
import { SiteCard } from "./SiteCard";

const MANY = 6;

/** All sites that the caller may see. */
export default function SitesPage() {
  useTitle(t("Sites"));
  const sites = useQuery(sitesQuery);
  const mayAdd = atLeast(useSession().role, "admin");
  const [query, setQuery] = useState("");
  const wanted = query.trim().toLowerCase();
  const found = sites.data?.filter(({ name, domains }) =>
    [name, ...domains].some((text) => text.toLowerCase().includes(wanted)),
  );
  return (
    <>
      <PageHeader
        title={t("Sites")}
        actions={
          <>
            {(sites.data?.length ?? 0) > MANY && (
              <span className="relative block">
                <Search
                  size={15}
                  aria-hidden="true"
                  className="absolute inset-y-0 left-3 my-auto text-muted"
                />
                <Input
                  type="search"
                  className="pl-9"
                  aria-label={t("Search sites")}
                  placeholder={t("Search sites")}
                  value={query}
                  onChange={(event) => setQuery(event.target.value)}
                />
              </span>
            )}
            {mayAdd && (
              <ButtonLink href="/sites/new" variant="primary" icon={<Plus size={17} />}>
                {t("Add site")}
              </ButtonLink>
            )}
          </>
        }
      />
      {sites.error && (
        <Problem error={sites.error} onRetry={sites.refetch} retrying={sites.isFetching} />
      )}
      {sites.data?.length === 0 && <NoSites mayAdd={mayAdd} />}
      <ul className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3 2xl:grid-cols-4">
        {found?.map((site) => (
          <SiteCard key={site.siteId} site={site} />
        ))}
        {sites.isPending &&
          [0, 1, 2].map((place) => (
            <li key={place}>
              <Skeleton className="h-56" />
            </li>
          ))}
      </ul>
      {found?.length === 0 && wanted && (
        <p className="py-10 text-center text-muted">{t("No site matches")}</p>
      )}
    </>
  );
}

function NoSites({ mayAdd }: { mayAdd: boolean }) {
  if (!mayAdd) {
    return (
      <EmptyState title={t("No site for you yet")}>
        {t("Ask an owner or admin of this account to give you access to a site.")}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title={t("Follow your first thread")}
      actions={
        <>
          <ButtonLink href="/sites/new" variant="primary" icon={<Plus size={17} />}>
            {t("Add your first site")}
          </ButtonLink>
          <ButtonLink href="/sites/new?then=sample">{t("Look around with sample data")}</ButtonLink>
          <ButtonAnchor href="/demo/">{t("Open the demo shop")}</ButtonAnchor>
        </>
      }
    >
      {t(
        "Add a site, put one line into its pages, and watch the first visit arrive. Or fill a site with sample data first; it can be removed again.",
      )}
    </EmptyState>
  );
}
