import { type ReactNode, useId } from "react";
import { cx } from "../lib/class";

export interface RadioCard<V extends string> {
  value: V;
  title: ReactNode;
  badge?: ReactNode;
  children?: ReactNode;
}

interface Props<V extends string> {
  legend: ReactNode;
  hint?: ReactNode;
  options: readonly RadioCard<V>[];
  value: V;
  onChange: (value: V) => void;
  columns?: 1 | 2;
  disabled?: boolean;
}

/** One choice of a few, each explained on a card of its own. Real radio buttons: arrow keys walk. */
export function RadioCards<V extends string>(props: Props<V>) {
  const { legend, hint, options, value, onChange, columns = 1, disabled } = props;
  const name = useId();
  return (
    <fieldset className="min-w-0" disabled={disabled}>
      <legend className="mb-1 text-sm font-medium">{legend}</legend>
      {hint && <p className="mb-3 text-sm text-muted">{hint}</p>}
      <div className={cx("grid gap-3", columns === 2 && "lg:grid-cols-2")}>
        {options.map((option) => (
          <label
            key={option.value}
            className={cx(
              "flex cursor-pointer gap-3 rounded-l border bg-card p-4 transition-colors duration-(--fast)",
              "has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent",
              option.value === value
                ? "border-accent ring-1 ring-accent"
                : "border-line hover:border-control",
            )}
          >
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
              className="mt-1 size-4 shrink-0 accent-(--fill) focus-visible:outline-none"
            />
            <span className="@container min-w-0 flex-1">
              <span className="flex flex-wrap items-center gap-2 font-medium">
                {option.title}
                {option.badge}
              </span>
              {option.children && (
                <span className="mt-1 block text-sm text-muted">{option.children}</span>
              )}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
