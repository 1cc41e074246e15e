import { useQuery } from "@tanstack/react-query";
import { ChevronsUpDown, LayoutGrid, Plus, Search } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { atLeast, useSession } from "../../api/session";
import { sitesQuery } from "../../api/sites";
import type { Site } from "../../api/types";
import { siteAddress } from "../../lib/address";
import { cx } from "../../lib/class";
import { t } from "../../lib/i18n";
import { Badge } from "../../ui/Badge";
import { Input } from "../../ui/Input";
import { Popover } from "../../ui/Popover";

const MANY = 8;
const ROW =
  "flex items-center gap-2 rounded-m px-2.5 py-2 text-sm hover:bg-hover focus-visible:bg-hover focus-visible:-outline-offset-2";

/** The open site and the way to the others. */
export function SiteSwitcher({ site }: { site: Site | undefined }) {
  return (
    <Popover
      label={t("Sites")}
      trigger={(trigger) => (
        <button
          type="button"
          {...trigger}
          className="flex min-w-0 items-center gap-1.5 rounded-m px-2 py-1.5 font-medium hover:bg-hover"
        >
          <span className="truncate sm:max-w-64">{site?.name ?? t("All sites")}</span>
          <ChevronsUpDown size={14} className="shrink-0 text-muted" aria-hidden="true" />
        </button>
      )}
    >
      {(close) => <Sites current={site?.siteId} close={close} />}
    </Popover>
  );
}

function Sites({ current, close }: { current: string | undefined; close: () => void }) {
  const { data: sites = [] } = useQuery(sitesQuery);
  const { role } = useSession();
  const [query, setQuery] = useState("");
  const wanted = query.trim().toLowerCase();
  const found = sites.filter(({ name, domains }) =>
    [name, ...domains].some((text) => text.toLowerCase().includes(wanted)),
  );
  return (
    <div className="w-72 max-w-full">
      {sites.length > MANY && (
        <div className="relative mb-1.5">
          <Search size={15} aria-hidden="true" className="absolute top-3 left-3 text-muted" />
          <Input
            type="search"
            className="pl-9"
            aria-label={t("Search sites")}
            placeholder={t("Search sites")}
            value={query}
            onChange={(event) => setQuery(event.target.value)}
          />
        </div>
      )}
      <ul className="max-h-80 overflow-y-auto">
        {found.map((site) => (
          <li key={site.siteId}>
            <Link
              href={siteAddress(site)}
              onClick={close}
              aria-current={site.siteId === current ? "true" : undefined}
              className={cx(ROW, site.siteId === current && "font-medium text-accent")}
            >
              <span className="min-w-0 flex-1">
                <span className="block truncate">{site.name}</span>
                <span className="block truncate text-xs font-normal text-muted">
                  {site.domains[0]}
                </span>
              </span>
              {site.isDemo && <Badge>{t("Demo")}</Badge>}
              {!site.isActive && <Badge tone="warn">{t("Paused")}</Badge>}
            </Link>
          </li>
        ))}
        {found.length === 0 && (
          <li className="px-2.5 py-2 text-sm text-muted">
            {wanted ? t("No site matches") : t("No sites yet")}
          </li>
        )}
      </ul>
      <div className="mt-1.5 border-t border-line pt-1.5">
        <Link href="/" onClick={close} className={ROW}>
          <LayoutGrid size={15} className="text-muted" aria-hidden="true" />
          {t("All sites")}
        </Link>
        {atLeast(role, "admin") && (
          <Link href="/sites/new" onClick={close} className={ROW}>
            <Plus size={15} className="text-muted" aria-hidden="true" />
            {t("Add site")}
          </Link>
        )}
      </div>
    </div>
  );
}
