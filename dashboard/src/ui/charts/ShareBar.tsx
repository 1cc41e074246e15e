import { useId } from "react";

export interface Share {
  label: string;
  count: number;
  /** As shown, e.g. `1,234 · 45%`. */
  text: string;
}

const COLOURS = [2, 3, 4, 5, 1, 6].map((n) => `var(--chart-${n})`);

/** One horizontal bar cut into parts, with a legend that says the same in words. */
export function ShareBar({ title, shares }: { title: string; shares: readonly Share[] }) {
  const id = useId();
  const total = shares.reduce((sum, share) => sum + share.count, 0);
  return (
    <div>
      <h3 id={id} className="text-sm font-semibold">
        {title}
      </h3>
      <div aria-hidden="true" className="mt-2 flex h-2.5 gap-0.5 overflow-hidden rounded-full">
        {total === 0 && <span className="grow bg-line" />}
        {shares.map(
          ({ label, count }, i) =>
            count > 0 && (
              <span
                key={label}
                className="min-w-1"
                style={{ flexGrow: count / total, background: COLOURS[i % COLOURS.length] }}
              />
            ),
        )}
      </div>
      <ul aria-labelledby={id} className="mt-2 grid gap-1 text-sm">
        {shares.map(({ label, text }, i) => (
          <li key={label} className="flex items-center gap-2">
            <span
              aria-hidden="true"
              className="size-2.5 shrink-0 rounded-full"
              style={{ background: COLOURS[i % COLOURS.length] }}
            />
            <span className="text-muted">{label}</span>
            <span className="ml-auto">{text}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
