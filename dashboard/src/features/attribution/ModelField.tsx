import { CREDIT_MODELS, type CreditModel } from "../../api/attribution";
import { msg, t } from "../../lib/i18n";
import { Field } from "../../ui/Field";
import { Select } from "../../ui/Select";

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
    <Field label={t("Model")} hint={t(MODEL[value].about)}>
      <Select
        options={CREDIT_MODELS.map((model) => ({ value: model, label: t(MODEL[model].title) }))}
        value={value}
        onChange={onChange}
      />
    </Field>
  );
}
