import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { explain } from "../../api/explain";
import { loadSampleData, removeSampleData, sampleDataQuery } from "../../api/sample-data";
import type { Site } from "../../api/types";
import { siteAddress } from "../../lib/address";
import { formatNumber } from "../../lib/format/number";
import { t } from "../../lib/i18n";
import { Banner } from "../../ui/Banner";
import { Button, ButtonLink } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { Progress } from "../../ui/Progress";
import { SkeletonLines } from "../../ui/Skeleton";
import { FormProblem } from "../problem/FormProblem";
import { Problem } from "../problem/Problem";

/** A year of made-up visits that can be taken away again as one. */
export function SampleDataCard({ site }: { site: Site }) {
  const client = useQueryClient();
  const sample = useQuery(sampleDataQuery(site.siteId));
  const [asking, setAsking] = useState(false);
  const load = useMutation({ mutationFn: () => loadSampleData(site.siteId) });
  const remove = useMutation({
    mutationFn: () => removeSampleData(site.siteId),
    onSuccess: () => setAsking(false),
  });
  const state = sample.data?.state;

  // Reports and the site's first event are others once it is done.
  useEffect(() => {
    if (state !== "ready" && state !== "none") return;
    client.invalidateQueries({ queryKey: ["report", site.siteId] });
    client.invalidateQueries({ queryKey: ["verification", site.siteId] });
  }, [client, site.siteId, state]);

  return (
    <Card
      title={t("Sample data")}
      description={t(
        "A year of made-up visits, to look around before your own arrive. All of it can be removed again at once.",
      )}
    >
      {sample.isPending && <SkeletonLines lines={2} />}
      {!sample.data && sample.error && (
        <Problem
          compact
          error={sample.error}
          onRetry={sample.refetch}
          retrying={sample.isFetching}
        />
      )}
      <FormProblem error={load.error} />
      {sample.data && (state === "loading" || state === "removing") && (
        <Progress
          label={state === "loading" ? t("Loading sample data …") : t("Removing sample data …")}
          value={sample.data.done}
          max={sample.data.total}
          text={t("{done} of {total} events", {
            done: formatNumber(sample.data.done),
            total: formatNumber(sample.data.total),
          })}
        />
      )}
      {state === "failed" && (
        <Banner tone="bad" title={t("That did not work")} className="mb-4">
          {sample.data?.message}
        </Banner>
      )}
      {(state === "none" || state === "failed") && (
        <Button loading={load.isPending} onClick={() => load.mutate()}>
          {t("Load sample data")}
        </Button>
      )}
      {state === "ready" && (
        <div className="flex flex-wrap items-center gap-2">
          <ButtonLink href={siteAddress(site, "?period=12mo")} variant="primary">
            {t("See it in the dashboard")}
          </ButtonLink>
          <Button variant="danger" onClick={() => setAsking(true)}>
            {t("Remove the sample data")}
          </Button>
          <span className="text-sm text-muted">
            {t("{total} events are loaded.", { total: formatNumber(sample.data?.total) })}
          </span>
        </div>
      )}
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        onConfirm={() => remove.mutate()}
        loading={remove.isPending}
        error={remove.error && explain(remove.error).text}
        title={t("Remove the sample data?")}
        description={t("Only what was made up goes. What your visitors sent stays.")}
        confirm={t("Remove the sample data")}
      />
    </Card>
  );
}
