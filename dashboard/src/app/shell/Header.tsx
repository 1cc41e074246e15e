import { useQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { Link, useLocation } from "wouter";
import { atLeast } from "../../api/session";
import { siteQuery } from "../../api/sites";
import type { Site } from "../../api/types";
import { openPalette } from "../../features/palette/open";
import { LanguageMenu, ThemeMenu } from "../../features/preferences/PreferenceMenus";
import { siteAddress, siteNameOf } from "../../lib/address";
import { cx } from "../../lib/class";
import { t } from "../../lib/i18n";
import { IconButton } from "../../ui/IconButton";
import { Logo } from "../../ui/Logo";
import { AccountMenu } from "./AccountMenu";
import { SiteSwitcher } from "./SiteSwitcher";

export function Header() {
  const [path] = useLocation();
  const name = siteNameOf(path);
  const { data: site } = useQuery({ ...siteQuery(name ?? ""), enabled: name !== null });
  return (
    <header className="border-b border-line bg-card">
      <div className="mx-auto flex max-w-[88rem] flex-wrap items-center gap-x-2 px-4 sm:px-6">
        <div className="flex h-14 min-w-0 items-center gap-1.5 max-xl:max-w-[calc(100%-10.75rem)]">
          <Link
            href="/"
            aria-label={t("Clew: all sites")}
            className="flex shrink-0 items-center gap-2 rounded-m py-1 pr-1 font-semibold tracking-tight"
          >
            <Logo />
            <span className="max-sm:hidden">Clew</span>
          </Link>
          <span aria-hidden="true" className="text-control max-sm:hidden">
            /
          </span>
          <SiteSwitcher site={site} />
        </div>
        {site && <SiteNav site={site} path={path} />}
        <div className="ml-auto flex h-14 shrink-0 items-center gap-0.5">
          <IconButton
            label={t("Search and commands (Ctrl+K)")}
            icon={<Search size={18} />}
            onClick={openPalette}
          />
          <ThemeMenu />
          <LanguageMenu />
          <AccountMenu />
        </div>
      </div>
    </header>
  );
}

/** The pages of a site that the caller's role opens. */
function SiteNav({ site, path }: { site: Site; path: string }) {
  const pages = [
    { page: "", label: t("Overview"), needs: "viewer" },
    { page: "/live", label: t("Live"), needs: "viewer" },
    { page: "/visitors", label: t("Visitors"), needs: "admin" },
    { page: "/attribution", label: t("Attribution"), needs: "viewer" },
    { page: "/bots", label: t("Bots"), needs: "viewer" },
    { page: "/forms", label: t("Forms"), needs: "viewer" },
    { page: "/privacy", label: t("Privacy"), needs: "viewer" },
    { page: "/install", label: t("Install"), needs: "marketing" },
    { page: "/settings", label: t("Settings"), needs: "admin" },
  ] as const;
  return (
    <nav
      aria-label={t("Site {name}", { name: site.name })}
      className="order-last -mx-1 flex w-full gap-1 overflow-x-auto [scrollbar-width:none] xl:order-none xl:mx-2 xl:w-auto"
    >
      {pages
        .filter(({ needs }) => atLeast(site.role, needs))
        .map(({ page, label }) => {
          const rest = path.split("/").slice(2).join("/");
          const here = page === "" ? rest === "" : `/${rest}`.startsWith(page);
          return (
            <Link
              key={page}
              href={siteAddress(site, page)}
              aria-current={here ? "page" : undefined}
              className={cx(
                "relative rounded-m px-2.5 py-1.5 text-sm whitespace-nowrap transition-colors duration-(--fast) hover:text-ink max-xl:mb-1.5",
                here ? "bg-hover font-medium text-ink" : "text-muted",
              )}
            >
              {label}
            </Link>
          );
        })}
    </nav>
  );
}
