import type { ButtonHTMLAttributes, ReactNode } from "react";
import { cx } from "../lib/class";
import { Tooltip } from "./Tooltip";

type Props = Omit<ButtonHTMLAttributes<HTMLButtonElement>, "children" | "aria-label"> & {
  /** What it does; read aloud and shown on hover. */
  label: string;
  icon: ReactNode;
  size?: "sm" | "md";
};

/** A button that shows only an icon. */
export function IconButton({ label, icon, size = "md", className, ...rest }: Props) {
  return (
    <Tooltip text={label} isName>
      <button
        type="button"
        aria-label={label}
        className={cx(
          "inline-flex items-center justify-center rounded-m text-muted transition-colors duration-(--fast)",
          "hover:bg-hover hover:text-ink disabled:opacity-50",
          size === "sm" ? "size-8" : "size-10",
          className,
        )}
        {...rest}
      >
        {icon}
      </button>
    </Tooltip>
  );
}
