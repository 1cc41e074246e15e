import { X } from "lucide-react";
import { CHANNEL_FIELDS, CHANNEL_OPS } from "../../../api/types";
import { t } from "../../../lib/i18n";
import { IconButton } from "../../../ui/IconButton";
import { Input } from "../../../ui/Input";
import { Select } from "../../../ui/Select";
import type { ConditionDraft } from "./rules";
import { EXAMPLE, FIELD, OP } from "./words";

interface Props {
  condition: ConditionDraft;
  /** Its place in the rule, from 1. */
  number: number;
  onChange: (condition: ConditionDraft) => void;
  /** Absent: it is the only one, and a rule without conditions would take every visit. */
  onRemove?: () => void;
}

/** “Source is partner”, in three controls. */
export function ConditionRow({ condition, number, onChange, onRemove }: Props) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a row of a flex box
    <div
      role="group"
      aria-label={t("Condition {n}", { n: number })}
      className="flex flex-wrap items-center gap-2"
    >
      <Select
        className="min-w-36 flex-1"
        aria-label={t("What is compared")}
        options={CHANNEL_FIELDS.map((value) => ({ value, label: t(FIELD[value]) }))}
        value={condition.field}
        onChange={(field) => onChange({ ...condition, field })}
      />
      <Select
        className="min-w-32 flex-1"
        aria-label={t("How it is compared")}
        options={CHANNEL_OPS.map((value) => ({ value, label: t(OP[value]) }))}
        value={condition.op}
        onChange={(op) => onChange({ ...condition, op })}
      />
      <span className="flex min-w-44 flex-2 items-center gap-1">
        <Input
          aria-label={t("With what it is compared")}
          required
          maxLength={255}
          autoCapitalize="none"
          spellCheck={false}
          placeholder={EXAMPLE[condition.field]}
          value={condition.value}
          onChange={(event) => onChange({ ...condition, value: event.target.value })}
        />
        {onRemove && (
          <IconButton
            size="sm"
            label={t("Remove condition {n}", { n: number })}
            icon={<X size={15} />}
            onClick={onRemove}
          />
        )}
      </span>
    </div>
  );
}
