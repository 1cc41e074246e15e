import { useState } from "react";
import { MODELS, type Model, type Share, type Visitor } from "../../api/visitors";
import { formatPercent } from "../../lib/format/number";
import { msg, t } from "../../lib/i18n";
import { Card } from "../../ui/Card";
import { Bars } from "../../ui/charts/Bars";
import { Tabs } from "../../ui/Tabs";
import { valueLabel } from "../overview/dimensions";

const MODEL: Record<Model, { label: string; about: string }> = {
  first: { label: msg("First"), about: msg("All of it to what led here first.") },
  last: { label: msg("Last"), about: msg("All of it to what led here last.") },
  linear: { label: msg("Linear"), about: msg("The same to every way that led here.") },
  timeDecay: {
    label: msg("Time decay"),
    about: msg("More to what was later: half as much for every seven days before the last."),
  },
  positionBased: {
    label: msg("Position"),
    about: msg("40% to the first, 40% to the last, the rest to those between."),
  },
};

/** Who gets the credit for this visitor, by the model of one's choice. */
export function AttributionCard({ visitor }: { visitor: Visitor }) {
  const [model, setModel] = useState<Model>("first");
  const shares = visitor.attribution[model];
  return (
    <Card title={t("Attribution")} description={t("Whose merit it is that they are here.")}>
      <Tabs
        label={t("Model")}
        tabs={MODELS.map((key) => ({ key, label: t(MODEL[key].label) }))}
        value={model}
        onChange={setModel}
      >
        <p className="mb-4 text-sm text-muted">{t(MODEL[model].about)}</p>
        {shares.length === 0 ? (
          <p className="text-sm text-muted">{t("There is nothing to credit.")}</p>
        ) : (
          <Bars
            label={t("Attribution")}
            bars={shares.map((share, i) => ({
              key: String(i),
              label: nameOf(share),
              value: share.share,
              text: formatPercent(share.share * 100),
            }))}
          />
        )}
      </Tabs>
    </Card>
  );
}

function nameOf({ channel, source, medium, campaign }: Share): string {
  const way = [source, medium].filter(Boolean).join(" / ");
  return [valueLabel("channel", channel), way, campaign].filter(Boolean).join(" · ");
}
