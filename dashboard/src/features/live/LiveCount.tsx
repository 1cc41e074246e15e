import { Link } from "wouter";
import type { Site } from "../../api/types";
import { siteAddress } from "../../lib/address";
import { cx } from "../../lib/class";
import { formatNumber } from "../../lib/format/number";
import { t } from "../../lib/i18n";
import { useLive, usePresence } from "./useLive";

/** How many people are on the site now, with the way to what they do. */
export function LiveCount({ site }: { site: Pick<Site, "siteId" | "slug"> }) {
  const { state } = useLive(site.siteId);
  const visitors = usePresence(site.siteId);
  const shown = visitors === null ? "–" : formatNumber(visitors);
  return (
    <Link
      href={siteAddress(site, "/live")}
      title={t("Visitors of the last five minutes")}
      className="inline-flex h-8 shrink-0 items-center gap-2 rounded-full border border-line bg-card px-3 text-sm shadow-s hover:bg-hover"
    >
      <span aria-hidden="true" className="relative flex size-2">
        {state === "open" && visitors !== null && visitors > 0 && (
          <span className="absolute inset-0 animate-ping rounded-full bg-good opacity-60" />
        )}
        <span
          className={cx(
            "relative size-2 rounded-full",
            state === "open" && visitors ? "bg-good" : "bg-control",
          )}
        />
      </span>
      <span>
        <b className="font-semibold">{shown}</b> <span className="text-muted">{t("online")}</span>
      </span>
    </Link>
  );
}
