import { useSession } from "../../api/session";
import { useSite } from "../../api/sites";
import { t } from "../../lib/i18n";
import { useTitle } from "../../lib/title";
import { Card } from "../../ui/Card";
import { PageHeader } from "../../ui/PageHeader";
import { OtherTrackers } from "./OtherTrackers";
import { Recipes } from "./Recipes";
import { PROXY_RECIPES, SITE_RECIPES } from "./recipes";
import { Verifier } from "./Verifier";

/** How the snippet gets into the site, and whether it has. */
export default function InstallPage({ siteId }: { siteId: string }) {
  const site = useSite(siteId);
  const { snippetOrigin } = useSession();
  useTitle(t("Install"), site.name);
  const target = {
    siteId: site.siteId,
    origin: snippetOrigin.replace(/\/$/, ""),
    domain: site.domains[0] ?? "example.com",
    writeKey: site.writeKey,
  };
  return (
    <>
      <PageHeader
        title={t("Install the snippet")}
        description={t("Two to four kilobytes, no cookie, nothing else to set up.")}
      />
      <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-[minmax(0,1fr)_24rem]">
        <Card title={t("Your kind of site")}>
          <Recipes label={t("Your kind of site")} recipes={SITE_RECIPES} target={target} />
        </Card>
        <div className="lg:sticky lg:top-6 lg:row-span-3">
          <Verifier site={site} />
        </div>
        <Card
          title={t("Under your own domain")}
          description={t(
            "Optional. Blockers know analytics hosts; your own domain they let through.",
          )}
        >
          <Recipes label={t("Under your own domain")} recipes={PROXY_RECIPES} target={target} />
        </Card>
        <OtherTrackers target={target} />
      </div>
    </>
  );
}
