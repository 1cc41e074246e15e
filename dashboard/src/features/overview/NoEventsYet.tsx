import { atLeast } from "../../api/session";
import { siteAddress } from "../../lib/address";
import { t } from "../../lib/i18n";
import { Banner } from "../../ui/Banner";
import { ButtonLink } from "../../ui/Button";
import { useOverview } from "./context";
import { useTotals } from "./useTotals";

/** A site that has never sent anything: the next step, instead of six zeros alone. */
export function NoEventsYet() {
  const { site } = useOverview();
  const { data } = useTotals();
  if (site.firstEventAt !== null || data?.totals.pageviews !== 0) return null;
  return (
    <Banner
      className="mb-4"
      title={t("No event has arrived yet")}
      actions={
        <>
          {atLeast(site.role, "admin") && (
            <ButtonLink size="sm" href={siteAddress(site, "/settings/data")}>
              {t("Load sample data")}
            </ButtonLink>
          )}
          {atLeast(site.role, "marketing") && (
            <ButtonLink size="sm" variant="primary" href={siteAddress(site, "/install")}>
              {t("Install the snippet")}
            </ButtonLink>
          )}
        </>
      }
    >
      {t("Put the snippet on your pages; the first visit appears here within seconds.")}
    </Banner>
  );
}
