import type { TextareaHTMLAttributes } from "react";
import { cx } from "../lib/class";
import { CONTROL, useField } from "./Field";

export function Textarea({
  className,
  rows = 3,
  ...rest
}: TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return (
    <textarea rows={rows} className={cx(CONTROL, "py-2", className)} {...useField()} {...rest} />
  );
}
