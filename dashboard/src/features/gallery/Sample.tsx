import { type ReactNode, useId } from "react";

/** A named group of samples. */
export function Group({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className="mb-4 border-b border-line pb-2 text-xl font-semibold">
        {title}
      </h2>
      <div className="grid gap-6 md:grid-cols-2">{children}</div>
    </section>
  );
}

/** One primitive with its name. */
export function Sample({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0 rounded-l border border-line bg-card p-4">
      <p className="mb-3 font-mono text-xs text-muted">{name}</p>
      <div className="flex flex-wrap items-center gap-3">{children}</div>
    </div>
  );
}

/** The same, filling the width. */
export function Block({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0 rounded-l border border-line bg-card p-4">
      <p className="mb-3 font-mono text-xs text-muted">{name}</p>
      {children}
    </div>
  );
}
