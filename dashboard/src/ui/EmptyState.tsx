import type { ReactNode } from "react";

interface Props {
  title: ReactNode;
  children?: ReactNode;
  /** What to do next. */
  actions?: ReactNode;
}

/** What stands where there is nothing yet: why, and what to do next. */
export function EmptyState({ title, children, actions }: Props) {
  return (
    <div className="flex flex-col items-center px-4 py-12 text-center">
      <Thread />
      <h2 className="mt-5 text-lg font-semibold">{title}</h2>
      {children && <div className="mt-1.5 max-w-md text-muted">{children}</div>}
      {actions && <div className="mt-6 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  );
}

/** A loose end of the thread. */
function Thread() {
  return (
    <svg width="120" height="40" viewBox="0 0 120 40" fill="none" aria-hidden="true">
      <path
        d="M2 30c14 0 18-22 34-22s14 24 30 24 12-16 4-16-10 14 8 14 22-16 40-16"
        stroke="var(--accent)"
        strokeWidth="2"
        strokeLinecap="round"
      />
      <circle cx="118" cy="14" r="2" fill="var(--accent)" />
    </svg>
  );
}
