import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useState } from "react";
import { recordPath, recordQuery } from "../../../api/privacy";
import type { Site } from "../../../api/types";
import { t } from "../../../lib/i18n";
import { Button, ButtonAnchor } from "../../../ui/Button";
import { Card } from "../../../ui/Card";
import { Document } from "../../../ui/Document";
import { SkeletonLines } from "../../../ui/Skeleton";
import { Problem } from "../../problem/Problem";

/** The record of processing activities, written from the site's configuration as it is now. */
export function RecordCard({ site, className }: { site: Site; className?: string }) {
  const [open, setOpen] = useState(false);
  const record = useQuery({ ...recordQuery(site.siteId), enabled: open });
  return (
    <Card
      className={className}
      title={t("Record of processing")}
      description={t(
        "What your authority may ask for (GDPR, article 30), written from how the site is set up now. Add your own contact details.",
      )}
      actions={(["md", "json"] as const).map((format) => (
        <ButtonAnchor
          key={format}
          size="sm"
          href={recordPath(site.siteId, format)}
          download={`processing-record-${site.slug ?? site.siteId}.${format}`}
          icon={<Download size={14} aria-hidden="true" />}
        >
          {format === "md" ? "Markdown" : "JSON"}
        </ButtonAnchor>
      ))}
    >
      <Button size="sm" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? t("Hide") : t("Read it here")}
      </Button>
      {open && (
        <div className="mt-5 border-t border-line pt-5" lang="en">
          {record.isPending && <SkeletonLines lines={6} />}
          {!record.data && record.error && (
            <Problem
              compact
              error={record.error}
              onRetry={() => void record.refetch()}
              retrying={record.isFetching}
            />
          )}
          {record.data && <Document source={record.data} />}
        </div>
      )}
    </Card>
  );
}
