import { useQuery } from "@tanstack/react-query";
import { Download, Eraser } from "lucide-react";
import { useParams } from "wouter";
import { atLeast } from "../../api/session";
import { useSite } from "../../api/sites";
import type { Site } from "../../api/types";
import { type Visitor, visitorQuery } from "../../api/visitors";
import { siteAddress } from "../../lib/address";
import { moment } from "../../lib/ago";
import { formatNumber } from "../../lib/format/number";
import { t } from "../../lib/i18n";
import { useTitle } from "../../lib/title";
import { Ago } from "../../ui/Ago";
import { ButtonLink } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Fact, Facts } from "../../ui/Facts";
import { PageHeader } from "../../ui/PageHeader";
import { SkeletonLines } from "../../ui/Skeleton";
import { TextLink } from "../../ui/TextLink";
import { IDENTITY, reasonLabel } from "../overview/health/words";
import { NotAllowed } from "../problem/NotAllowed";
import { Problem } from "../problem/Problem";
import { AttributionCard } from "./AttributionCard";
import { PersonCard } from "./PersonCard";
import { ScoreCard } from "./ScoreCard";
import { TouchesCard } from "./TouchesCard";

/** Everything that is known about one browser, and about the person it belongs to. */
export default function VisitorPage({ siteId }: { siteId: string }) {
  const site = useSite(siteId);
  const { visitor: visitorId = "" } = useParams<{ visitor: string }>();
  const mayLook = atLeast(site.role, "admin");
  const query = useQuery({ ...visitorQuery(siteId, visitorId), enabled: mayLook });
  useTitle(t("Visitor"), site.name);
  if (!mayLook) return <NotAllowed title={t("Visitor")} />;
  const asked = new URLSearchParams({ visitor: visitorId });
  return (
    <>
      <PageHeader
        title={t("Visitor")}
        description={
          <>
            <bdi className="font-mono text-sm wrap-anywhere">{visitorId}</bdi>
            <span className="mt-1 block text-sm">
              <TextLink href={siteAddress(site, "/visitors")}>{t("All visitors")}</TextLink>
            </span>
          </>
        }
        actions={
          <>
            <ButtonLink
              href={siteAddress(site, `/privacy?${asked}#export`)}
              icon={<Download size={16} aria-hidden="true" />}
            >
              {t("Export …")}
            </ButtonLink>
            <ButtonLink
              variant="danger"
              href={siteAddress(site, `/privacy?${asked}#erase`)}
              icon={<Eraser size={16} aria-hidden="true" />}
            >
              {t("Erase …")}
            </ButtonLink>
          </>
        }
      />
      {query.data ? (
        <Profile site={site} visitor={query.data} />
      ) : (
        <Card>
          {query.error ? (
            <Problem
              error={query.error}
              onRetry={() => void query.refetch()}
              retrying={query.isFetching}
            />
          ) : (
            <SkeletonLines lines={8} />
          )}
        </Card>
      )}
    </>
  );
}

function Profile({ site, visitor }: { site: Site; visitor: Visitor }) {
  return (
    <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_24rem]">
      <div className="grid min-w-0 gap-6">
        <TouchesCard visitor={visitor} zone={site.timeZone} />
        <AttributionCard visitor={visitor} />
      </div>
      <div className="grid min-w-0 gap-6">
        <Card title={t("At a glance")}>
          <Facts>
            <Fact name={t("Known by")}>{reasonLabel(IDENTITY, visitor.identityMethod)}</Fact>
            <Fact name={t("First seen")}>{moment(visitor.firstSeenAt)}</Fact>
            <Fact name={t("Last seen")}>
              <Ago time={visitor.lastSeenAt} />
            </Fact>
            <Fact name={t("Visits")}>{formatNumber(visitor.visits)}</Fact>
            <Fact name={t("Page views")}>{formatNumber(visitor.pageviews)}</Fact>
            <Fact name={t("Events")}>{formatNumber(visitor.events)}</Fact>
          </Facts>
          {!visitor.complete && (
            <p className="mt-3 text-sm text-muted">
              {t("There is more than is read here: visits and scores are about the latest events.")}
            </p>
          )}
        </Card>
        <PersonCard site={site} visitor={visitor} />
        <ScoreCard
          title={t("Engagement")}
          description={t("How much this visitor has done here.")}
          score={visitor.engagement}
        />
        <ScoreCard
          title={t("Suspicion")}
          description={t(
            "Signs that this is no ordinary person. Nobody is left out because of them.",
          )}
          score={visitor.suspicion}
        />
      </div>
    </div>
  );
}
