import { CREDIT_MODELS, type CreditModel } from "../../api/attribution";
import { msg, t } from "../../lib/i18n";
import { RadioCards } from "../../ui/RadioCards";

const MODEL: Record<CreditModel, { title: string; about: string }> = {
  first: { title: msg("First"), about: msg("All of it to what led here first.") },
  last: { title: msg("Last"), about: msg("All of it to what led here last.") },
  linear: { title: msg("Linear"), about: msg("The same to every way that led here.") },
  time_decay: {
    title: msg("Time decay"),
    about: msg("More to what was later: half as much for every seven days before the last."),
  },
  position_based: {
    title: msg("Position"),
    about: msg("40% to the first, 40% to the last, the rest to those between."),
  },
};

interface Props {
  value: CreditModel;
  onChange: (model: CreditModel) => void;
}

/** How a conversion is shared out among what led to it. */
export function ModelField({ value, onChange }: Props) {
  return (
    <RadioCards
      legend={t("Model")}
      value={value}
      onChange={onChange}
      options={CREDIT_MODELS.map((model) => ({
        value: model,
        title: t(MODEL[model].title),
        children: t(MODEL[model].about),
      }))}
    />
  );
}
