import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { CREDIT_DIMENSIONS, type CreditDimension, type CreditModel } from "../../api/attribution";
import { api } from "../../api/client";
import { useSite } from "../../api/sites";
import type { AttributionReport } from "../../api/types";
import { cx } from "../../lib/class";
import { msg, t } from "../../lib/i18n";
import { useTitle } from "../../lib/title";
import { Card } from "../../ui/Card";
import { PageHeader } from "../../ui/PageHeader";
import { Radio } from "../../ui/Radio";
import { SkeletonLines } from "../../ui/Skeleton";
import { OverviewProvider, useOverview } from "../overview/context";
import { PeriodPicker } from "../overview/period/PeriodPicker";
import { rangeParams, reportsKey } from "../overview/reports";
import { Problem } from "../problem/Problem";
import { CreditTable } from "./CreditTable";
import { GoalField } from "./GoalField";
import { ModelField } from "./ModelField";

/** Which sources conversions are owed to, by the model of one's choice. */
export default function AttributionPage({ siteId }: { siteId: string }) {
  useTitle(t("Attribution"), useSite(siteId).name);
  return (
    <OverviewProvider siteId={siteId}>
      <Attribution />
    </OverviewProvider>
  );
}

const BY: Record<CreditDimension, string> = {
  channel: msg("Channel"),
  source: msg("Source"),
  campaign: msg("Campaign"),
};

function Attribution() {
  const { site, state, scope, now } = useOverview();
  const [model, setModel] = useState<CreditModel>("last");
  const [dimension, setDimension] = useState<CreditDimension>("channel");
  const [goal, setGoal] = useState("");
  const params = {
    site: site.siteId,
    ...rangeParams(state.period, site.timeZone, now),
    model,
    dimension,
    ...(goal ? { goal } : {}),
  };
  const report = useQuery({
    queryKey: [...reportsKey(site.siteId), "attribution", params],
    queryFn: ({ signal }) => api.get<AttributionReport>("/v1/reports/attribution", params, signal),
    placeholderData: (previous, query) =>
      query?.queryKey[1] === site.siteId ? previous : undefined,
    refetchInterval: scope.askAgainMs,
  });
  const { data } = report;
  return (
    <>
      <PageHeader
        title={t("Attribution")}
        description={t("Which ways to your site conversions are owed to.")}
        actions={<PeriodPicker />}
      />
      <div className="grid gap-6">
        <Card>
          <div className="grid gap-6 sm:grid-cols-2">
            <GoalField value={goal} onChange={setGoal} />
            <ModelField value={model} onChange={setModel} />
          </div>
        </Card>
        <Card
          title={t("Credited conversions")}
          description={
            data &&
            t(
              "{n, plural, one {# conversion} other {# conversions}}, shared out among what led there within {days} days.",
              { n: data.meta.conversions, days: data.meta.look_back_days },
            )
          }
          actions={
            <Radio
              legend={t("By")}
              options={CREDIT_DIMENSIONS.map((value) => ({ value, label: t(BY[value]) }))}
              value={dimension}
              onChange={setDimension}
            />
          }
        >
          {!data && !report.error && <SkeletonLines lines={8} />}
          {!data && report.error && (
            <Problem
              error={report.error}
              onRetry={() => void report.refetch()}
              retrying={report.isFetching}
            />
          )}
          {data && (
            <div
              aria-busy={report.isPlaceholderData}
              className={cx(report.isPlaceholderData && "opacity-50")}
            >
              <CreditTable report={data} dimension={dimension} />
            </div>
          )}
        </Card>
      </div>
    </>
  );
}
