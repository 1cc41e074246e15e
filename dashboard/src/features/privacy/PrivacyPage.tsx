import { useQuery } from "@tanstack/react-query";
import { Settings } from "lucide-react";
import { useEffect } from "react";
import { privacyQuery } from "../../api/privacy";
import { atLeast, useSession } from "../../api/session";
import { useSite } from "../../api/sites";
import { siteAddress } from "../../lib/address";
import { t } from "../../lib/i18n";
import { useTitle } from "../../lib/title";
import { ButtonLink } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { PageHeader } from "../../ui/PageHeader";
import { SkeletonLines } from "../../ui/Skeleton";
import { Problem } from "../problem/Problem";
import { KeptCard } from "./KeptCard";
import { MixCard } from "./MixCard";
import { PlacesCard } from "./PlacesCard";
import { RetentionCard } from "./RetentionCard";
import { RecordCard } from "./record/RecordCard";
import { ErasureCard } from "./rights/ErasureCard";
import { ExportCard } from "./rights/ExportCard";
import { SaltsCard } from "./SaltsCard";

/** What a site keeps of its visitors, how that is proven, and what visitors can ask for. */
export default function PrivacyPage({ siteId }: { siteId: string }) {
  const site = useSite(siteId);
  const { role } = useSession();
  const summary = useQuery(privacyQuery(siteId));
  const admin = atLeast(site.role, "admin");
  useTitle(t("Privacy"), site.name);
  useFragment(!summary.isPending);
  return (
    <>
      <PageHeader
        title={t("Privacy")}
        description={t("What is kept of visitors, the proof of it, and what they can ask for.")}
        actions={
          admin && (
            <>
              {atLeast(role, "admin") && (
                <ButtonLink href="/settings/audit">{t("Audit log")}</ButtonLink>
              )}
              <ButtonLink
                href={siteAddress(site, "/settings/privacy")}
                icon={<Settings size={16} aria-hidden="true" />}
              >
                {t("Change settings")}
              </ButtonLink>
            </>
          )
        }
      />
      {!summary.data && (
        <Card>
          {summary.error ? (
            <Problem
              error={summary.error}
              onRetry={() => void summary.refetch()}
              retrying={summary.isFetching}
            />
          ) : (
            <SkeletonLines lines={8} />
          )}
        </Card>
      )}
      <div className="grid items-start gap-6 lg:grid-cols-2">
        {summary.data && (
          <>
            <KeptCard summary={summary.data} className="lg:col-span-2" />
            <MixCard summary={summary.data} zone={site.timeZone} className="lg:col-span-2" />
            <RetentionCard site={site} />
            <div className="grid gap-6">
              <SaltsCard summary={summary.data} />
              {summary.data.geo && <PlacesCard geo={summary.data.geo} />}
            </div>
          </>
        )}
        {admin && (
          <>
            <div id="erase">
              <ErasureCard site={site} />
            </div>
            <div id="export">
              <ExportCard site={site} />
            </div>
            <RecordCard site={site} className="lg:col-span-2" />
          </>
        )}
      </div>
    </>
  );
}

/** Goes to the part of the page that the address names, once the page has its height. */
function useFragment(ready: boolean) {
  useEffect(() => {
    if (ready && location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
  }, [ready]);
}
