import { type ReactNode, useId } from "react";
import { cx } from "../lib/class";

interface Props {
  title?: ReactNode;
  description?: ReactNode;
  /** Beside the title. */
  actions?: ReactNode;
  children?: ReactNode;
  className?: string;
}

/** A group of things that belong together. With a title it is a region of that name. */
export function Card({ title, description, actions, children, className }: Props) {
  const id = useId();
  return (
    <section
      aria-labelledby={title ? id : undefined}
      className={cx("min-w-0 rounded-l border border-line bg-card p-4 shadow-s sm:p-6", className)}
    >
      {(title || actions) && (
        <div className="mb-4 flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
          <div className="min-w-0">
            <h2 id={id} className="text-lg font-semibold wrap-anywhere">
              {title}
            </h2>
            {description && <p className="mt-0.5 max-w-2xl text-sm text-muted">{description}</p>}
          </div>
          {actions && <div className="flex shrink-0 gap-2">{actions}</div>}
        </div>
      )}
      {children}
    </section>
  );
}
