import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { explain } from "../../api/explain";
import { type PrivacySummary, runRetention } from "../../api/privacy";
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
import { TextLink } from "../../ui/TextLink";
import { toast } from "../../ui/Toast";

/** How long data stays, and when the rest last went. */
export function RetentionCard({ site, summary }: { site: Site; summary: PrivacySummary }) {
  const { retention } = summary;
  const [asking, setAsking] = useState(false);
  const run = useMutation({
    mutationFn: () => runRetention(site.siteId),
    onSuccess: () => {
      setAsking(false);
      toast(t("What is too old is being removed."));
    },
  });
  const days = (n: number) => t("{n, plural, one {# day} other {# days}}", { n });
  const archive = retention.action === "archive";
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
      <Facts>
        <Fact name={t("Events")}>{days(retention.eventDays)}</Fact>
        <Fact name={t("Raw sessions and replays")}>{days(retention.rawDays)}</Fact>
        <Fact name={t("Then")}>
          {archive ? t("archived as Parquet files, then removed") : t("removed for good")}
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
        <Fact name={t("Files in the archive")}>{formatNumber(retention.archivedFiles)}</Fact>
        <Fact name={t("Next run")}>
          {retention.nextRunAt ? <Ago time={retention.nextRunAt} /> : t("unknown")}
        </Fact>
      </Facts>
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
                days: days(retention.eventDays),
              })
            : t("Events older than {days} are deleted. This cannot be undone.", {
                days: days(retention.eventDays),
              })
        }
        confirm={t("Run now")}
      />
    </Card>
  );
}
