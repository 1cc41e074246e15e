import { ChevronDown } from "lucide-react";
import type { SelectHTMLAttributes } from "react";
import { cx } from "../lib/class";
import { CONTROL, useField } from "./Field";

export interface Option<V extends string = string> {
  value: V;
  label: string;
  /** Shown, so that it can be seen what there is, and not to be chosen. */
  disabled?: boolean;
}

type Props<V extends string> = Omit<
  SelectHTMLAttributes<HTMLSelectElement>,
  "onChange" | "value"
> & {
  options: readonly Option<V>[];
  value: V;
  onChange: (value: V) => void;
};

/** The system's own list; long lists are a `Combobox`. */
export function Select<V extends string>({
  options,
  value,
  onChange,
  className,
  ...rest
}: Props<V>) {
  return (
    <span className={cx("relative block", className)}>
      <select
        className={cx(CONTROL, "h-10 appearance-none pr-9")}
        {...useField()}
        {...rest}
        value={value}
        onChange={(event) => onChange(event.target.value as V)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled}>
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown
        size={16}
        aria-hidden="true"
        className="pointer-events-none absolute inset-y-0 right-3 my-auto text-muted"
      />
    </span>
  );
}
