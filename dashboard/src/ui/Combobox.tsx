import { ChevronsUpDown } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { cx } from "../lib/class";
import { t } from "../lib/i18n";
import { CONTROL, useField } from "./Field";
import { keepPlaced } from "./place";
import type { Option } from "./Select";

const SHOWN = 500;

interface Props {
  options: readonly Option[];
  value: string;
  onChange: (value: string) => void;
  placeholder?: string;
  disabled?: boolean;
}

/** Every word of the query must occur; `_` and `/` count as spaces, as in `Europe/Berlin`. */
function matching(options: readonly Option[], query: string): Option[] {
  const words = query
    .toLowerCase()
    .split(/[\s_/]+/)
    .filter(Boolean);
  const found = options.filter(({ label, value }) => {
    const text = `${label} ${value}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  return found.slice(0, SHOWN);
}

/** A choice of many: type to narrow, arrows walk, Enter takes, Escape keeps what was. */
export function Combobox({ options, value, onChange, placeholder, disabled }: Props) {
  const listId = useId();
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [query, setQuery] = useState<string | null>(null);
  const [active, setActive] = useState(0);
  const open = query !== null;
  const found = open ? matching(options, query) : [];
  const label = options.find((option) => option.value === value)?.label ?? value;

  useEffect(() => {
    const [anchor, floating] = [input.current, list.current];
    if (!open || !anchor || !floating) return;
    floating.showPopover();
    floating.style.width = `${anchor.offsetWidth}px`;
    return keepPlaced(anchor, floating);
  }, [open]);

  useEffect(() => {
    if (open) list.current?.children[active]?.scrollIntoView({ block: "nearest" });
  }, [open, active]);

  const show = () => {
    setQuery("");
    setActive(
      Math.max(
        0,
        options.findIndex((option) => option.value === value),
      ),
    );
  };

  const take = (option: Option | undefined) => {
    if (option) onChange(option.value);
    setQuery(null);
  };

  const walk = (event: KeyboardEvent) => {
    if (event.key === "Escape" && open) {
      event.preventDefault();
      event.stopPropagation();
      setQuery(null);
    } else if (event.key === "Enter" && open) {
      event.preventDefault();
      take(found[active]);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) return show();
      const by = event.key === "ArrowDown" ? 1 : -1;
      setActive((was) => Math.max(0, Math.min(found.length - 1, was + by)));
    }
  };

  return (
    <span className="relative block">
      <input
        ref={input}
        {...useField()}
        role="combobox"
        aria-expanded={open}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={open && found[active] ? `${listId}-${active}` : undefined}
        autoComplete="off"
        spellCheck={false}
        disabled={disabled}
        placeholder={open ? label : placeholder}
        className={cx(CONTROL, "h-10 pr-9")}
        value={query ?? label}
        onChange={(event) => {
          setQuery(event.target.value);
          setActive(0);
        }}
        onClick={() => open || show()}
        onBlur={() => setQuery(null)}
        onKeyDown={walk}
      />
      <ChevronsUpDown
        size={15}
        aria-hidden="true"
        className="pointer-events-none absolute inset-y-0 right-3 my-auto text-muted"
      />
      {open && (
        <div
          ref={list}
          id={listId}
          popover="manual"
          role="listbox"
          aria-label={t("Suggestions")}
          className="fixed m-0 max-h-64 overflow-y-auto rounded-l border border-line bg-card p-1.5 text-ink shadow-l"
        >
          {found.map((option, index) => (
            // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the text field
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are handled by the text field
            <div
              key={option.value}
              id={`${listId}-${index}`}
              role="option"
              aria-selected={option.value === value}
              className={cx(
                "cursor-pointer truncate rounded-m px-2.5 py-1.5 text-sm",
                index === active && "bg-hover",
                option.value === value && "font-medium text-accent",
              )}
              onPointerMove={() => setActive(index)}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => take(option)}
            >
              {option.label}
            </div>
          ))}
          {found.length === 0 && (
            // biome-ignore lint/a11y/useFocusableInteractive: there is nothing to choose
            <div
              role="option"
              aria-selected={false}
              aria-disabled="true"
              className="px-2.5 py-1.5 text-sm text-muted"
            >
              {t("Nothing matches")}
            </div>
          )}
        </div>
      )}
    </span>
  );
}
