import { X } from "lucide-react";
import { lazy, Suspense } from "react";
import { cx } from "../../../lib/class";
import { t } from "../../../lib/i18n";
import { type Condition, nextOperator } from "../../../lib/state/filter";
import { Popover } from "../../../ui/Popover";
import { SkeletonLines } from "../../../ui/Skeleton";
import { DIMENSION, valueLabel } from "../dimensions";
import { OPERATOR } from "./operators";

const ConditionForm = lazy(() => import("./ConditionForm"));

interface FilterChipProps {
  condition: Condition;
  onChange: (condition: Condition) => void;
  onRemove: () => void;
}

const PART =
  "flex h-8 items-center px-1.5 transition-colors duration-(--fast) hover:bg-hover focus-visible:-outline-offset-2";

/** One condition: its operator turns to the next on a click, its value opens an editor. */
export function FilterChip({ condition, onChange, onRemove }: FilterChipProps) {
  const { op, dimension, values } = condition;
  const name = t(DIMENSION[dimension]);
  const next = nextOperator(op);
  const labels = values.map((value) => valueLabel(dimension, value));
  const negative = op.endsWith("_not");
  return (
    <span className="inline-flex max-w-full items-center overflow-hidden rounded-full border border-line bg-card pl-2 text-sm shadow-s">
      <span className="shrink-0 pl-1 text-muted">{name}</span>
      <button
        type="button"
        title={t("Change to “{operator}”", { operator: t(OPERATOR[next]) })}
        aria-label={`${name} ${t(OPERATOR[op])}. ${t("Change to “{operator}”", { operator: t(OPERATOR[next]) })}`}
        onClick={() => onChange({ ...condition, op: next })}
        className={cx(
          PART,
          "min-w-7 shrink-0 justify-center",
          negative ? "text-bad" : "text-muted",
        )}
      >
        {t(OPERATOR[op])}
      </button>
      <Popover
        label={t("Edit the filter")}
        className="w-96 max-w-[calc(100vw-1rem)] p-4"
        trigger={(trigger) => (
          <button
            type="button"
            title={labels.join(", ")}
            className={cx(PART, "min-w-0 font-medium")}
            {...trigger}
          >
            <span className="flex max-w-56 min-w-0 gap-1">
              <bdi className="truncate">{labels[0]}</bdi>
              {labels.length > 1 && (
                <span className="shrink-0 text-muted">+{labels.length - 1}</span>
              )}
            </span>
            <span className="sr-only">
              {labels.length > 1 && ` (${labels.slice(1).join(", ")})`}. {t("Edit the filter")}
            </span>
          </button>
        )}
      >
        {(close) => (
          <Suspense fallback={<SkeletonLines lines={4} />}>
            <ConditionForm
              condition={condition}
              submit={t("Apply")}
              onSubmit={(changed) => {
                close();
                onChange(changed);
              }}
            />
          </Suspense>
        )}
      </Popover>
      <button
        type="button"
        aria-label={t("Remove the filter {name}", { name })}
        onClick={onRemove}
        className={cx(PART, "min-w-7 justify-center pr-2.5 text-muted hover:text-ink")}
      >
        <X size={14} aria-hidden="true" />
      </button>
    </span>
  );
}
