import { lazy, Suspense, useEffect, useState } from "react";
import { useLocation } from "wouter";
import { siteAddress } from "../../lib/address";
import { onOpenPalette } from "../palette/open";
import type { Destination } from "./keymap";
import { onOpenSheet } from "./open";
import { useCurrentSite } from "./useCurrentSite";
import { useKeys } from "./useKeys";

const Palette = lazy(() => import("../palette/Palette"));
const ShortcutSheet = lazy(() => import("./ShortcutSheet"));

/** The keys that work on every page, and what they open. */
export function GlobalKeys() {
  const [, navigate] = useLocation();
  const { sites, site } = useCurrentSite();
  const [shown, setShown] = useState<"palette" | "sheet" | null>(null);
  useEffect(() => onOpenPalette(() => setShown("palette")), []);
  useEffect(() => onOpenSheet(() => setShown("sheet")), []);

  const addressOf = (to: Destination): string | null => {
    if (to === "sites") return "/";
    if (to === "account") return "/settings";
    return site && siteAddress(site, SITE_PAGE[to]);
  };
  const go = (address: string | null): boolean => {
    if (address !== null) navigate(address);
    return address !== null;
  };
  useKeys((command) => {
    switch (command.do) {
      case "palette":
        setShown("palette");
        return true;
      case "help":
        setShown("sheet");
        return true;
      case "go":
        return go(addressOf(command.to));
      case "site": {
        const chosen = sites[command.number - 1];
        return go(command.number === 0 ? "/" : chosen ? siteAddress(chosen) : null);
      }
      default:
        return false;
    }
  });
  return (
    <Suspense>
      {shown === "palette" && <Palette onClose={() => setShown(null)} />}
      {shown === "sheet" && <ShortcutSheet onClose={() => setShown(null)} />}
    </Suspense>
  );
}

const SITE_PAGE = {
  overview: "",
  live: "/live",
  visitors: "/visitors",
  attribution: "/attribution",
  bots: "/bots",
  forms: "/forms",
  privacy: "/privacy",
  install: "/install",
  settings: "/settings",
} as const;
