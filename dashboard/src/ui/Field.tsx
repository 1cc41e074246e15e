import { createContext, type ReactNode, useContext, useId } from "react";
import { cx } from "../lib/class";

interface Wiring {
  id: string;
  "aria-describedby"?: string;
  "aria-invalid"?: true;
}

const FieldContext = createContext<Wiring | null>(null);

/** The ids that tie a control to its label, hint and error; nothing outside of a `Field`. */
export function useField(): Partial<Wiring> {
  return useContext(FieldContext) ?? {};
}

interface Props {
  label: ReactNode;
  hint?: ReactNode;
  /** What is wrong with the value. Announced when it appears. */
  error?: ReactNode;
  optional?: string;
  children: ReactNode;
  className?: string;
}

/** One control with its label, hint and error. */
export function Field({ label, hint, error, optional, children, className }: Props) {
  const id = useId();
  const hintId = `${id}-hint`;
  const errorId = `${id}-error`;
  const described = cx(hint && hintId, error && errorId) || undefined;
  return (
    <FieldContext
      value={{
        id,
        "aria-describedby": described,
        "aria-invalid": error ? true : undefined,
      }}
    >
      <div className={cx("flex min-w-0 flex-col gap-1.5", className)}>
        <label htmlFor={id} className="text-sm font-medium">
          {label}
          {optional && <span className="ml-1.5 font-normal text-muted">{optional}</span>}
        </label>
        {children}
        {hint && (
          <p id={hintId} className="text-sm text-muted">
            {hint}
          </p>
        )}
        <p id={errorId} aria-live="polite" className="text-sm text-bad empty:hidden">
          {error}
        </p>
      </div>
    </FieldContext>
  );
}

/** The frame that all text controls share. */
export const CONTROL =
  "w-full min-w-0 rounded-m border border-control bg-card px-3 text-base text-ink placeholder:text-muted/80 " +
  "transition-colors duration-(--fast) hover:border-muted focus-visible:border-accent focus-visible:outline-1 " +
  "focus-visible:outline-offset-0 disabled:bg-sunken disabled:text-muted aria-invalid:border-bad";
