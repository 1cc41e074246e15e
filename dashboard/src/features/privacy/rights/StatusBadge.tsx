import type { Export } from "../../../api/subjects";
import { t } from "../../../lib/i18n";
import { Badge, type Tone } from "../../../ui/Badge";

/** How far an erasure or export is. */
export function StatusBadge({ status }: { status: Export["status"] }) {
  const [tone, text] = (
    {
      queued: ["neutral", t("Waiting")],
      running: ["accent", t("At work")],
      done: ["good", t("Done")],
      failed: ["bad", t("Failed")],
      expired: ["neutral", t("Expired")],
    } satisfies Record<Export["status"], [Tone, string]>
  )[status];
  return <Badge tone={tone}>{text}</Badge>;
}
