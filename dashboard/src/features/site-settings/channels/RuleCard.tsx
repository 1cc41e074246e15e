import { ArrowDown, ArrowUp, Plus, Trash2 } from "lucide-react";
import { t } from "../../../lib/i18n";
import { Button } from "../../../ui/Button";
import { Field } from "../../../ui/Field";
import { IconButton } from "../../../ui/IconButton";
import { Input } from "../../../ui/Input";
import { ConditionRow } from "./ConditionRow";
import { MOST_CONDITIONS, newCondition, type RuleDraft } from "./rules";

interface Props {
  rule: RuleDraft;
  /** Its place, from 1, of so many. */
  number: number;
  count: number;
  onChange: (change: Partial<RuleDraft>) => void;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
}

/** One channel with the conditions that all must hold. */
export function RuleCard({ rule, number, count, onChange, onMove, onRemove }: Props) {
  const { channel, when } = rule;
  const name = channel.trim() || t("Channel {n}", { n: number });
  return (
    <li
      aria-label={name}
      className="rounded-l border border-line bg-paper p-3 sm:p-4"
      data-rule={rule.key}
    >
      <div className="flex flex-wrap items-start gap-2">
        <span
          aria-hidden="true"
          className="mt-8 flex size-6 shrink-0 items-center justify-center rounded-full bg-accent-soft text-xs font-semibold text-accent"
        >
          {number}
        </span>
        <Field label={t("Channel")} className="flex-1 basis-40">
          <Input
            required
            maxLength={128}
            placeholder={t("Partners")}
            value={channel}
            onChange={(event) => onChange({ channel: event.target.value })}
          />
        </Field>
        <span className="ml-auto flex sm:mt-6.5">
          <IconButton
            label={t("Move {name} up", { name })}
            icon={<ArrowUp size={16} />}
            aria-disabled={number === 1}
            className="aria-disabled:opacity-40"
            onClick={() => onMove(-1)}
          />
          <IconButton
            label={t("Move {name} down", { name })}
            icon={<ArrowDown size={16} />}
            aria-disabled={number === count}
            className="aria-disabled:opacity-40"
            onClick={() => onMove(1)}
          />
          <IconButton
            label={t("Remove {name}", { name })}
            icon={<Trash2 size={16} />}
            onClick={onRemove}
          />
        </span>
      </div>
      <p className="mt-3 mb-1.5 text-sm font-medium sm:pl-8">
        {when.length > 1 ? t("if all of these hold") : t("if this holds")}
      </p>
      <div className="flex flex-col gap-2 sm:pl-8">
        {when.map((condition, i) => (
          <ConditionRow
            key={condition.key}
            condition={condition}
            number={i + 1}
            onChange={(to) =>
              onChange({ when: when.map((one) => (one.key === condition.key ? to : one)) })
            }
            onRemove={
              when.length > 1
                ? () => onChange({ when: when.filter((one) => one.key !== condition.key) })
                : undefined
            }
          />
        ))}
        {when.length < MOST_CONDITIONS && (
          <div>
            <Button
              size="sm"
              variant="ghost"
              icon={<Plus size={14} aria-hidden="true" />}
              onClick={() => onChange({ when: [...when, newCondition()] })}
            >
              {t("And …")}
            </Button>
          </div>
        )}
      </div>
    </li>
  );
}
