import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "../lib/class";

const TONE = {
  info: { look: "border-line bg-sunken", icon: <Info size={18} className="text-muted" /> },
  good: {
    look: "border-good/30 bg-good-soft",
    icon: <CircleCheck size={18} className="text-good" />,
  },
  warn: {
    look: "border-warn/30 bg-warn-soft",
    icon: <TriangleAlert size={18} className="text-warn" />,
  },
  bad: { look: "border-bad/30 bg-bad-soft", icon: <CircleAlert size={18} className="text-bad" /> },
};

interface Props {
  tone?: keyof typeof TONE;
  title?: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
  /** Announced at once: for what has just gone wrong. */
  urgent?: boolean;
  className?: string;
}

/** A notice that stays as long as its reason does. */
export function Banner({ tone = "info", title, children, actions, urgent, className }: Props) {
  return (
    <div
      role={urgent ? "alert" : undefined}
      className={cx(
        "flex flex-wrap items-start gap-x-3 gap-y-2 rounded-m border px-4 py-3",
        TONE[tone].look,
        className,
      )}
    >
      <span aria-hidden="true" className="mt-0.5">
        {TONE[tone].icon}
      </span>
      <div className="min-w-0 flex-1 basis-56 text-sm">
        {title && <p className="font-semibold">{title}</p>}
        {children}
      </div>
      {actions && <div className="flex gap-2">{actions}</div>}
    </div>
  );
}
