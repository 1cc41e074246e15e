import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import type { BotsReport } from "../../api/bots";
import { useSite } from "../../api/sites";
import { cx } from "../../lib/class";
import { formatNumber } from "../../lib/format/number";
import { t } from "../../lib/i18n";
import { useTitle } from "../../lib/title";
import { Banner } from "../../ui/Banner";
import { Card } from "../../ui/Card";
import { Bars } from "../../ui/charts/Bars";
import { PageHeader } from "../../ui/PageHeader";
import { SkeletonLines } from "../../ui/Skeleton";
import { OverviewProvider, useOverview } from "../overview/context";
import { ExplainButton } from "../overview/explain/ExplainButton";
import { IconAnchor } from "../overview/IconAnchor";
import { PeriodPicker } from "../overview/period/PeriodPicker";
import { csvPath, type Question, reportQuery, type Scope } from "../overview/reports";
import { Problem } from "../problem/Problem";
import { BotTable } from "./BotTable";
import { AI, kindName } from "./kinds";

/** Programs that visited the site. */
export default function BotsPage({ siteId }: { siteId: string }) {
  useTitle(t("Bots"), useSite(siteId).name);
  return (
    <OverviewProvider siteId={siteId}>
      <Bots />
    </OverviewProvider>
  );
}

const LISTED = 500;

/** The period alone: bots have no other property to limit the list by. */
function question({ common }: Scope, dimension: "bot" | "bot_kind"): Question<"bots"> {
  const { filters: _, ...range } = common;
  return { report: "bots", params: { ...range, dimension, limit: LISTED } };
}

function Bots() {
  const { scope } = useOverview();
  const asked = question(scope, "bot");
  const bots = useQuery({ ...reportQuery(asked), refetchInterval: scope.askAgainMs });
  const { data } = bots;
  return (
    <>
      <PageHeader
        title={t("Bots")}
        description={t("Programs that visited the site, by what they call themselves.")}
        actions={<PeriodPicker />}
      />
      <Banner title={t("They are in no visitor number")} className="mb-6">
        {t(
          "What is listed here is counted apart and left out of every other report. Explain says with each report how many events of bots it leaves out.",
        )}
      </Banner>
      {!data && (
        <Card>
          {bots.error ? (
            <Problem
              error={bots.error}
              onRetry={() => void bots.refetch()}
              retrying={bots.isFetching}
            />
          ) : (
            <SkeletonLines lines={8} />
          )}
        </Card>
      )}
      {data && <Lists report={data} asked={asked} stale={bots.isPlaceholderData} />}
    </>
  );
}

interface ListsProps {
  report: BotsReport;
  asked: Question<"bots">;
  stale: boolean;
}

function Lists({ report, asked, stale }: ListsProps) {
  const { site } = useOverview();
  const ai = report.rows.filter(({ kind }) => kind === AI);
  const others = report.rows.filter(({ kind }) => kind !== AI);
  const actions = (
    <span className="-mt-1 -mr-1.5 flex">
      <ExplainButton
        subject={{
          kind: "report",
          title: t("Bots"),
          definition: t(
            "Events whose sender says that it is a program, or was seen to be one: by its user agent, its client hints, or a browser that is steered by a program. They are stored, so that a wrong verdict can be found, and never counted.",
          ),
        }}
        question={asked}
        meta={report.meta}
      />
      <IconAnchor
        href={csvPath(asked)}
        label={t("{title} as CSV", { title: t("Bots") })}
        icon={<Download size={15} />}
      />
    </span>
  );
  return (
    <div
      aria-busy={stale}
      className={cx(
        "grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_22rem]",
        stale && "opacity-50",
      )}
    >
      <div className="grid min-w-0 gap-6">
        <Card
          title={t("AI crawlers")}
          description={t("They read for language models: for training, for search, for an answer.")}
          actions={actions}
        >
          <BotTable
            caption={t("AI crawlers")}
            rows={ai}
            zone={site.timeZone}
            none={t("No AI crawler came in this period.")}
          />
        </Card>
        <Card title={t("Other bots")}>
          <BotTable
            caption={t("Other bots")}
            rows={others}
            zone={site.timeZone}
            withKind
            none={t("No other bot came in this period.")}
          />
        </Card>
      </div>
      <Card title={t("By family")} description={t("Events of bots")}>
        {report.rows.length === 0 ? (
          <p className="text-sm text-muted">{t("None came.")}</p>
        ) : (
          <Bars label={t("By family")} bars={families(report)} />
        )}
      </Card>
    </div>
  );
}

function families(report: BotsReport) {
  const counts = new Map<string, number>();
  for (const { kind, events } of report.rows) counts.set(kind, (counts.get(kind) ?? 0) + events);
  return [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([kind, value]) => ({
      key: kind,
      label: kindName(kind),
      value,
      text: formatNumber(value),
    }));
}
