import { type InputHTMLAttributes, type ReactNode, useId } from "react";
import { cx } from "../lib/class";

type Props = Omit<InputHTMLAttributes<HTMLInputElement>, "type" | "onChange"> & {
  label: ReactNode;
  hint?: ReactNode;
  onChange?: (checked: boolean) => void;
};

/** Yes or no, with what it means. */
export function Checkbox({ label, hint, onChange, className, ...rest }: Props) {
  const id = useId();
  return (
    <div className={cx("flex items-start gap-3", className)}>
      <input
        id={id}
        type="checkbox"
        aria-describedby={hint ? `${id}-hint` : undefined}
        className="mt-0.75 size-4 shrink-0 accent-(--fill)"
        onChange={(event) => onChange?.(event.target.checked)}
        {...rest}
      />
      <div className="min-w-0">
        <label htmlFor={id} className="block text-base">
          {label}
        </label>
        {hint && (
          <p id={`${id}-hint`} className="mt-0.5 text-sm text-muted">
            {hint}
          </p>
        )}
      </div>
    </div>
  );
}
