import { useId } from "react";
import type { Option } from "./Select";

interface Props<V extends string> {
  legend: string;
  options: readonly Option<V>[];
  value: V;
  onChange: (value: V) => void;
}

/** One choice of a few short ones, side by side. */
export function Radio<V extends string>({ legend, options, value, onChange }: Props<V>) {
  const name = useId();
  return (
    <fieldset>
      <legend className="mb-1.5 text-sm font-medium">{legend}</legend>
      <div className="inline-flex flex-wrap gap-1 rounded-m border border-line bg-sunken p-1">
        {options.map((option) => (
          <label
            key={option.value}
            className="cursor-pointer rounded-s px-3 py-1 text-sm text-muted hover:text-ink has-checked:bg-card has-checked:font-medium has-checked:text-ink has-checked:shadow-s has-focus-visible:outline-2 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              name={name}
              className="sr-only"
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            {option.label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
