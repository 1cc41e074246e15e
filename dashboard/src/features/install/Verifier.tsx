import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ExternalLink } from "lucide-react";
import type { Finding, Site } from "../../api/types";
import { verificationQuery } from "../../api/verification";
import { siteAddress } from "../../lib/address";
import { cx } from "../../lib/class";
import { t } from "../../lib/i18n";
import { Ago } from "../../ui/Ago";
import { ButtonAnchor, ButtonLink } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { SkeletonLines } from "../../ui/Skeleton";
import { Problem } from "../problem/Problem";
import { AllowHost } from "../sites/AllowHost";
import { siteOrigin } from "../sites/origin";
import { Celebration } from "./Celebration";
import { wordsFor } from "./findings";

/** Watches for the first event and says what is in its way. */
export function Verifier({ site }: { site: Site }) {
  const { data, error, refetch, isFetching } = useQuery(verificationQuery(site.siteId));
  const receiving = data?.state === "receiving";
  const origin = siteOrigin(site, data?.lastEvent ? [data.lastEvent] : [], location.origin);
  const address = site.isDemo ? "/demo/" : origin;
  return (
    <Card
      className={cx("transition-colors duration-500", receiving && "border-good/60 bg-good-soft")}
    >
      {!data && !error && <SkeletonLines />}
      {!data && error && <Problem error={error} onRetry={refetch} retrying={isFetching} compact />}
      {data && (
        <>
          <div className="flex items-center gap-4" role="status">
            {receiving ? <Celebration /> : <Waiting />}
            <div className="min-w-0">
              <h2 className="text-lg font-semibold">
                {receiving ? t("It works") : t("Waiting for the first visit")}
              </h2>
              <p className="text-sm text-muted wrap-anywhere">
                {receiving
                  ? t("Events of {name} arrive.", { name: site.name })
                  : t("Open your site in another tab. The event shows here within seconds.")}
              </p>
            </div>
          </div>
          <dl className="mt-5 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 text-sm">
            <dt className="text-muted">{t("Script loaded")}</dt>
            <dd className="min-w-0 truncate">
              {data.scriptLoads.lastAt ? (
                <>
                  <Ago time={data.scriptLoads.lastAt} />
                  {data.scriptLoads.lastHost && ` · ${data.scriptLoads.lastHost}`}
                </>
              ) : (
                t("not yet")
              )}
            </dd>
            <dt className="text-muted">{t("Last event")}</dt>
            <dd className="min-w-0 truncate">
              {data.lastLiveEventAt ? (
                <>
                  <Ago time={data.lastLiveEventAt} />
                  {data.lastEvent?.url && ` · ${data.lastEvent.url}`}
                </>
              ) : (
                t("not yet")
              )}
            </dd>
          </dl>
          {data.findings.length > 0 && (
            <ul className="mt-5 flex flex-col gap-4 border-t border-line pt-4">
              {data.findings.map((finding) => (
                <FindingItem
                  key={`${finding.code} ${finding.host}`}
                  finding={finding}
                  site={site}
                />
              ))}
            </ul>
          )}
        </>
      )}
      <div className="mt-6 flex flex-wrap gap-2">
        {receiving && (
          <ButtonLink href={siteAddress(site)} variant="primary">
            {t("To the dashboard")}
          </ButtonLink>
        )}
        {address && (
          <ButtonAnchor href={address} icon={<ExternalLink size={15} />}>
            {t("Open your site")}
          </ButtonAnchor>
        )}
        {!receiving && (
          <ButtonLink href={siteAddress(site)} variant="ghost">
            {t("To the dashboard")}
          </ButtonLink>
        )}
      </div>
    </Card>
  );
}

function Waiting() {
  return (
    <span className="relative flex size-11 shrink-0 items-center justify-center" aria-hidden="true">
      <span className="absolute size-8 animate-ping rounded-full bg-accent/25 motion-reduce:hidden" />
      <span className="size-3 rounded-full bg-accent" />
    </span>
  );
}

function FindingItem({ finding, site }: { finding: Finding; site: Site }) {
  const { title, fix } = wordsFor(finding);
  const client = useQueryClient();
  const host = finding.code === "foreign_origin" ? finding.host : null;
  const lookAgain = () =>
    client.invalidateQueries({ queryKey: verificationQuery(site.siteId).queryKey });
  return (
    <li className="text-sm">
      <p className="font-medium wrap-anywhere">
        {title}
        {finding.lastAt && (
          <span className="font-normal text-muted">
            {" · "}
            <Ago time={finding.lastAt} />
          </span>
        )}
      </p>
      <p className="text-muted wrap-anywhere">{fix}</p>
      {host && <AllowHost site={site} host={host} onAllowed={lookAgain} />}
    </li>
  );
}
