import { useEffect, useRef } from "react";
import { Link } from "wouter";
import { cx } from "../lib/class";

export interface SideNavItem {
  href: string;
  label: string;
}

interface Props {
  label: string;
  items: readonly SideNavItem[];
  /** The address of the page that is open. */
  current: string;
}

/** The pages of a group: beside them on a wide window, above them on a narrow one. */
export function SideNav({ label, items, current }: Props) {
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    const here = nav.current?.querySelector(`[href$="${CSS.escape(current)}"]`);
    here?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [current]);
  return (
    <nav
      ref={nav}
      aria-label={label}
      className="-mx-1 flex gap-1 overflow-x-auto p-1 [scrollbar-width:none] lg:sticky lg:top-6 lg:flex-col"
    >
      {items.map((item) => (
        <Link
          key={item.href}
          href={item.href}
          aria-current={item.href === current ? "page" : undefined}
          className={cx(
            "rounded-m px-3 py-1.5 whitespace-nowrap hover:bg-hover max-lg:text-sm",
            item.href === current ? "bg-hover font-medium" : "text-muted",
          )}
        >
          {item.label}
        </Link>
      ))}
    </nav>
  );
}
