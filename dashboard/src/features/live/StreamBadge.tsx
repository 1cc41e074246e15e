import { t } from "../../lib/i18n";
import { Badge } from "../../ui/Badge";
import type { StreamState } from "./stream";

export function StreamBadge({ state, paused }: { state: StreamState; paused: boolean }) {
  if (paused) return <Badge tone="warn">{t("Paused")}</Badge>;
  return (
    <span role="status">
      {state === "open" && <Badge tone="good">{t("Live")}</Badge>}
      {state === "connecting" && <Badge>{t("Connecting …")}</Badge>}
      {state === "lost" && <Badge tone="bad">{t("Connection lost, trying again …")}</Badge>}
    </span>
  );
}
