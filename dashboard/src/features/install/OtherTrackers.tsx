import { t } from "../../lib/i18n";
import { Card } from "../../ui/Card";
import { CodeBlock } from "../../ui/CodeBlock";
import { Recipes } from "./Recipes";
import type { Target } from "./recipe";
import { TRACKER_RECIPES } from "./recipes";

/** For pages that have another tracker: one line is exchanged, everything else stays. */
export function OtherTrackers({ target }: { target: Target }) {
  const title = t("Coming from another tracker");
  return (
    <Card
      title={title}
      description={t(
        "Clew speaks what these trackers speak. Exchange the line in your pages; calls that stand in them go on working.",
      )}
    >
      <Recipes label={title} recipes={TRACKER_RECIPES} target={target} />
      <div className="mt-6 border-t border-line pt-5">
        <h3 className="font-medium">{t("Write key")}</h3>
        <p className="mt-0.5 mb-3 text-sm text-muted">
          {t(
            "Where a tracker asks for an API key, it is this one. It is public and may stand in a page: it sends events and fetches descriptions of forms, nothing else. Pages must be on this site’s domains; what programs send with it is marked as of unproven origin.",
          )}
        </p>
        <CodeBlock label={t("Write key")} code={target.writeKey} />
      </div>
    </Card>
  );
}
