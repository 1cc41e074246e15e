import { type KeyboardEvent, type ReactNode, useId } from "react";
import { cx } from "../lib/class";

export interface Tab<K extends string> {
  key: K;
  label: ReactNode;
}

interface Props<K extends string> {
  /** Names the group of tabs. */
  label: string;
  tabs: readonly Tab<K>[];
  value: K;
  onChange: (key: K) => void;
  /** What the chosen tab shows. */
  children: ReactNode;
  /** Beside the tabs. */
  aside?: ReactNode;
  className?: string;
}

/** One of several panels at a time. The chosen tab is the only one in the tab order; arrows walk. */
export function Tabs<K extends string>(props: Props<K>) {
  const { label, tabs, value, onChange, children, aside, className } = props;
  const id = useId();
  const walk = (event: KeyboardEvent<HTMLDivElement>) => {
    const here = tabs.findIndex((tab) => tab.key === value);
    const to = {
      ArrowRight: (here + 1) % tabs.length,
      ArrowLeft: (here - 1 + tabs.length) % tabs.length,
      Home: 0,
      End: tabs.length - 1,
    }[event.key];
    const tab = to === undefined ? undefined : tabs[to];
    if (!tab) return;
    event.preventDefault();
    onChange(tab.key);
    document.getElementById(`${id}-${tab.key}`)?.focus();
  };
  return (
    <div className={cx("min-w-0", className)}>
      <div className="flex items-end gap-3 border-b border-line">
        <div
          role="tablist"
          aria-label={label}
          tabIndex={-1}
          onKeyDown={walk}
          className="-mb-px flex min-w-0 gap-4 overflow-x-auto px-0.5 pr-8 [mask-image:linear-gradient(to_right,black_calc(100%-2rem),transparent)] [scrollbar-width:none]"
        >
          {tabs.map((tab) => {
            const chosen = tab.key === value;
            return (
              <button
                key={tab.key}
                id={`${id}-${tab.key}`}
                type="button"
                role="tab"
                aria-selected={chosen}
                aria-controls={`${id}-panel`}
                tabIndex={chosen ? 0 : -1}
                onClick={() => onChange(tab.key)}
                className={cx(
                  "border-b-2 px-0.5 py-2 text-sm whitespace-nowrap transition-colors duration-(--fast) focus-visible:-outline-offset-2",
                  chosen
                    ? "border-accent font-medium text-ink"
                    : "border-transparent text-muted hover:text-ink",
                )}
              >
                {tab.label}
              </button>
            );
          })}
        </div>
        {aside && <div className="ml-auto shrink-0 pb-1">{aside}</div>}
      </div>
      <div id={`${id}-panel`} role="tabpanel" aria-labelledby={`${id}-${value}`} className="pt-4">
        {children}
      </div>
    </div>
  );
}
