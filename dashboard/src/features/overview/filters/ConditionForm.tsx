import { useState } from "react";
import { t } from "../../../lib/i18n";
import { DIMENSIONS } from "../../../lib/state/dimension";
import { type Condition, OPERATORS } from "../../../lib/state/filter";
import { Button } from "../../../ui/Button";
import { Field } from "../../../ui/Field";
import { Select } from "../../../ui/Select";
import { DIMENSION } from "../dimensions";
import { OPERATOR } from "./operators";
import { ValuesInput } from "./ValuesInput";

interface ConditionFormProps {
  condition: Condition;
  submit: string;
  onSubmit: (condition: Condition) => void;
}

/** Dimension, operator and values of a condition. */
export default function ConditionForm({ condition, submit, onSubmit }: ConditionFormProps) {
  const [draft, setDraft] = useState(condition);
  const [typed, setTyped] = useState("");
  const { op, dimension } = draft;
  const pattern = op === "matches" || op === "matches_not";
  const values = typed === "" ? draft.values : [...new Set([...draft.values, typed])];
  const wrong = pattern ? values.map(patternError).find((error) => error !== null) : null;
  const usable = values.length > 0 && !wrong;
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (usable) onSubmit({ ...draft, values });
      }}
    >
      <div className="grid grid-cols-2 gap-3">
        <Field label={t("Property")}>
          <Select
            value={dimension}
            options={DIMENSIONS.map((value) => ({ value, label: t(DIMENSION[value]) }))}
            onChange={(chosen) => setDraft({ op, dimension: chosen, values: [] })}
          />
        </Field>
        <Field label={t("Comparison")}>
          <Select
            value={op}
            options={OPERATORS.map((value) => ({ value, label: t(OPERATOR[value]) }))}
            onChange={(chosen) => setDraft({ ...draft, op: chosen })}
          />
        </Field>
      </div>
      <Field
        label={t("Values")}
        hint={
          pattern
            ? t("A regular expression, e.g. ^/blog/")
            : t("Several values are alternatives. Upper and lower case differ.")
        }
        error={wrong}
      >
        <ValuesInput
          key={dimension}
          dimension={dimension}
          values={draft.values}
          typed={typed}
          suggesting={!pattern}
          onTyped={setTyped}
          onValues={(chosen) => setDraft({ ...draft, values: chosen })}
        />
      </Field>
      <div className="flex justify-end">
        <Button type="submit" variant="primary" disabled={!usable}>
          {submit}
        </Button>
      </div>
    </form>
  );
}

/** What the browser knows to be wrong; the server's syntax is narrower and says so itself. */
function patternError(pattern: string): string | null {
  try {
    new RegExp(pattern.replace(/^\(\?[imsU]+\)/, ""), "u");
    return null;
  } catch {
    return t("This is not a regular expression.");
  }
}
