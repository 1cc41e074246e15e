import { X } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "../lib/class";

interface Props {
  children: ReactNode;
  onClick?: () => void;
  /** What a click does, where the text does not say it. */
  title?: string;
  onRemove?: () => void;
  removeLabel?: string;
  className?: string;
}

/** A small value that can be changed and taken away, as a filter. */
export function Chip({ children, onClick, title, onRemove, removeLabel, className }: Props) {
  const body = "min-w-0 truncate px-2.5 py-1 text-left";
  return (
    <span
      className={cx(
        "inline-flex max-w-full items-stretch overflow-hidden rounded-full border border-line bg-card text-sm",
        className,
      )}
    >
      {onClick ? (
        <button
          type="button"
          title={title}
          onClick={onClick}
          className={cx(body, "rounded-l-full hover:bg-hover focus-visible:-outline-offset-2")}
        >
          {children}
        </button>
      ) : (
        <span className={body}>{children}</span>
      )}
      {onRemove && (
        <button
          type="button"
          aria-label={removeLabel}
          onClick={onRemove}
          className="inline-flex min-w-7 items-center justify-center rounded-r-full text-muted hover:bg-hover hover:text-ink focus-visible:-outline-offset-2"
        >
          <X size={14} aria-hidden="true" />
        </button>
      )}
    </span>
  );
}
