import type { InputHTMLAttributes, ReactNode, Ref } from "react";
import { cx } from "../lib/class";
import { CONTROL, useField } from "./Field";

type Props = InputHTMLAttributes<HTMLInputElement> & {
  ref?: Ref<HTMLInputElement>;
  /** Fixed text inside the frame, as the unit of a number. */
  suffix?: ReactNode;
};

export function Input({ className, suffix, ...rest }: Props) {
  const input = (
    <input
      className={cx(CONTROL, "h-10", suffix && "pr-16", className)}
      {...useField()}
      {...rest}
    />
  );
  if (!suffix) return input;
  return (
    <span className="relative block">
      {input}
      <span className="pointer-events-none absolute inset-y-0 right-3 flex items-center text-sm text-muted">
        {suffix}
      </span>
    </span>
  );
}
