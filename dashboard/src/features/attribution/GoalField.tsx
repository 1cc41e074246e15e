import { useQuery } from "@tanstack/react-query";
import { t } from "../../lib/i18n";
import { Combobox } from "../../ui/Combobox";
import { Field } from "../../ui/Field";
import { useOverview } from "../overview/context";
import { valueLabel } from "../overview/dimensions";
import { breakdownQuestion, reportQuery } from "../overview/reports";

const EVENTS = 200;

interface Props {
  /** Name of an event; empty: whatever brought revenue. */
  value: string;
  onChange: (goal: string) => void;
}

/** What counts as a conversion. */
export function GoalField({ value, onChange }: Props) {
  const { scope } = useOverview();
  const events = useQuery(reportQuery(breakdownQuestion(scope, "event", EVENTS), "goals"));
  const names = events.data?.rows.map((row) => row.value).filter(Boolean) ?? [];
  const known = value === "" || names.includes(value) ? names : [value, ...names];
  return (
    <Field
      label={t("Conversion")}
      hint={
        value === ""
          ? t("Every event that carries an amount is one.")
          : t("Every event of this name is one.")
      }
    >
      <Combobox
        options={[
          { value: "", label: t("Everything with revenue") },
          ...known.map((name) => ({ value: name, label: valueLabel("event", name) })),
        ]}
        value={value}
        onChange={onChange}
      />
    </Field>
  );
}
