import type { KeyboardEvent, ReactNode } from "react";
import { Link } from "wouter";
import { cx } from "../lib/class";
import { Popover, type TriggerProps } from "./Popover";
import type { Align } from "./place";

export interface MenuItem {
  key: string;
  label: ReactNode;
  icon?: ReactNode;
  tone?: "bad";
  /** Where it leads … */
  href?: string;
  /** … or what it does. */
  run?: () => void;
  /** Set for a choice of which one holds. */
  checked?: boolean;
}

export interface MenuGroup {
  key: string;
  title?: string;
  items: MenuItem[];
}

const ITEM =
  "flex w-full min-w-44 items-center gap-2.5 rounded-m px-2.5 py-2 text-left text-sm hover:bg-hover focus-visible:bg-hover";

function walk(event: KeyboardEvent<HTMLElement>) {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>("[role^=menuitem]")];
  const here = items.indexOf(document.activeElement as HTMLElement);
  const to = {
    ArrowDown: (here + 1) % items.length,
    ArrowUp: (here - 1 + items.length) % items.length,
    Home: 0,
    End: items.length - 1,
  }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  items[to]?.focus();
}

/** A list of actions or links below a button. Arrow keys walk, Escape closes. */
export function Menu({
  label,
  trigger,
  groups,
  align = "end",
}: {
  label: string;
  trigger: (props: TriggerProps) => ReactNode;
  groups: MenuGroup[];
  align?: Align;
}) {
  return (
    <Popover label={label} trigger={trigger} align={align} role="menu">
      {(close) => (
        // biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the menu's items
        <div onKeyDown={walk}>
          {groups.map((group, index) => (
            // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form fields
            <div
              key={group.key}
              role="group"
              aria-label={group.title}
              className={cx(index > 0 && "mt-1.5 border-t border-line pt-1.5")}
            >
              {group.title && (
                <p className="px-2.5 pt-1 pb-1 text-xs text-muted" aria-hidden="true">
                  {group.title}
                </p>
              )}
              {group.items.map((item) => (
                <Item key={item.key} item={item} close={close} />
              ))}
            </div>
          ))}
        </div>
      )}
    </Popover>
  );
}

function Item({ item, close }: { item: MenuItem; close: () => void }) {
  const className = cx(ITEM, item.tone === "bad" && "text-bad");
  const content = (
    <>
      {item.icon && <span className="text-muted">{item.icon}</span>}
      <span className="min-w-0 flex-1 truncate">{item.label}</span>
      {item.checked && <span aria-hidden="true" className="size-1.5 rounded-full bg-accent" />}
    </>
  );
  if (item.href !== undefined) {
    return (
      <Link href={item.href} role="menuitem" tabIndex={-1} className={className} onClick={close}>
        {content}
      </Link>
    );
  }
  const run = () => {
    close();
    item.run?.();
  };
  if (item.checked !== undefined) {
    return (
      <button
        type="button"
        role="menuitemradio"
        aria-checked={item.checked}
        tabIndex={-1}
        className={className}
        onClick={run}
      >
        {content}
      </button>
    );
  }
  return (
    <button type="button" role="menuitem" tabIndex={-1} className={className} onClick={run}>
      {content}
    </button>
  );
}
