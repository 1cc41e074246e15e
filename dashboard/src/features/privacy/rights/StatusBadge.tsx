import type { Erasure, Export } from "../../../api/types";
import { t } from "../../../lib/i18n";
import { Badge, type Tone } from "../../../ui/Badge";

type Status = Export["status"] | Erasure["status"];

/** How far an erasure or export is. */
export function StatusBadge({ status }: { status: Status }) {
  const [tone, text] = (
    {
      queued: ["neutral", t("Waiting")],
      running: ["accent", t("At work")],
      done: ["good", t("Done")],
      ready: ["good", t("Ready")],
      failed: ["bad", t("Failed")],
      expired: ["neutral", t("Expired")],
    } satisfies Record<Status, [Tone, string]>
  )[status];
  return <Badge tone={tone}>{text}</Badge>;
}
