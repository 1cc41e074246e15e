import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { explain } from "../../api/explain";
import { type Retention, retentionQuery, runRetention } from "../../api/privacy";
import { atLeast } from "../../api/session";
import type { Site } from "../../api/types";
import { siteAddress } from "../../lib/address";
import { moment } from "../../lib/ago";
import { formatNumber } from "../../lib/format/number";
import { t } from "../../lib/i18n";
import { Ago } from "../../ui/Ago";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { Fact, Facts } from "../../ui/Facts";
import { SkeletonLines } from "../../ui/Skeleton";
import { TextLink } from "../../ui/TextLink";
import { toast } from "../../ui/Toast";
import { Problem } from "../problem/Problem";

/** How long data stays, and when the rest last went. */
export function RetentionCard({ site }: { site: Site }) {
  const status = useQuery(retentionQuery(site.siteId));
  const [asking, setAsking] = useState(false);
  const run = useMutation({
    mutationFn: () => runRetention(site.siteId),
    onSuccess: () => {
      setAsking(false);
      toast(t("What is too old is being removed."));
    },
  });
  const archive = site.settings.retentionAction === "archive";
  const admin = atLeast(site.role, "admin");
  return (
    <Card
      title={t("Retention")}
      description={t("What is older goes by itself, once a day.")}
      actions={
        admin && (
          <Button size="sm" onClick={() => setAsking(true)}>
            {t("Run now …")}
          </Button>
        )
      }
    >
      {status.data ? (
        <Numbers retention={status.data} />
      ) : status.error ? (
        <Problem
          compact
          error={status.error}
          onRetry={() => void status.refetch()}
          retrying={status.isFetching}
        />
      ) : (
        <SkeletonLines lines={5} />
      )}
      {admin && (
        <p className="mt-4 text-sm">
          <TextLink href={siteAddress(site, "/settings/data")}>{t("Change the days")}</TextLink>
        </p>
      )}
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        onConfirm={() => run.mutate()}
        loading={run.isPending}
        error={run.error && explain(run.error).text}
        title={t("Remove what is too old now?")}
        description={
          archive
            ? t("Events older than {days} are written to the archive and leave the reports.", {
                days: days(site.settings.eventRetentionDays),
              })
            : t("Events older than {days} are deleted. This cannot be undone.", {
                days: days(site.settings.eventRetentionDays),
              })
        }
        confirm={t("Run now")}
      />
    </Card>
  );
}

const days = (n: number) => t("{n, plural, one {# day} other {# days}}", { n });

function Numbers({ retention }: { retention: Retention }) {
  return (
    <Facts>
      <Fact name={t("Events")}>{days(retention.eventDays)}</Fact>
      <Fact name={t("Raw sessions and replays")}>{days(retention.rawDays)}</Fact>
      <Fact name={t("Then")}>
        {retention.action === "archive"
          ? t("archived as Parquet files, then removed")
          : t("removed for good")}
      </Fact>
      <Fact name={t("Last run")}>
        {retention.lastRunAt ? (
          <>
            <Ago time={retention.lastRunAt} /> ({moment(retention.lastRunAt)})
          </>
        ) : (
          t("not yet")
        )}
      </Fact>
      <Fact name={t("Removed so far")}>{formatNumber(retention.removed)}</Fact>
      <Fact name={t("In the archive")}>
        {t("{n, plural, one {# event} other {# events}}", { n: retention.archivedRows })}
        {" · "}
        {t("{n, plural, one {# file} other {# files}}", { n: retention.archivedFiles })}
      </Fact>
      <Fact name={t("Next run")}>
        <Ago time={retention.nextRunAt} />
      </Fact>
    </Facts>
  );
}
