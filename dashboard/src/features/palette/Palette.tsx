import { Search } from "lucide-react";
import { type KeyboardEvent, useId, useMemo, useRef, useState } from "react";
import { useLocation, useSearch } from "wouter";
import { siteAddress } from "../../lib/address";
import { cx } from "../../lib/class";
import { t } from "../../lib/i18n";
import { parseState } from "../../lib/state/overview";
import { useModal } from "../../ui/useModal";
import { useCurrentSite } from "../shortcuts/useCurrentSite";
import { commandsFor, matching, type PaletteCommand } from "./commands";

/** Search over places and commands: type, walk with the arrows, take with Enter. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [path, navigate] = useLocation();
  const search = useSearch();
  const { sites, site } = useCurrentSite();
  const [typed, setTyped] = useState("");
  const [active, setActive] = useState(0);
  const state = useMemo(
    () => (site && path === siteAddress(site) ? parseState(search) : null),
    [site, path, search],
  );
  const text = typed.trim();
  const found = useMemo(
    () => matching(commandsFor({ sites, site, state, typed: text }), text),
    [sites, site, state, text],
  );

  useModal(dialog, true);

  const move = (to: number) => {
    setActive(to);
    list.current
      ?.querySelector(`#${CSS.escape(`${id}-${to}`)}`)
      ?.scrollIntoView({ block: "nearest" });
  };
  const take = (command: PaletteCommand | undefined) => {
    if (!command) return;
    onClose();
    if (command.href !== undefined) navigate(command.href);
    command.run?.();
  };
  const keys = (event: KeyboardEvent) => {
    const to = {
      ArrowDown: Math.min(found.length - 1, active + 1),
      ArrowUp: Math.max(0, active - 1),
    }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      move(to);
    } else if (event.key === "Enter") {
      event.preventDefault();
      take(found[active]);
    }
  };

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it by itself
    <dialog
      ref={dialog}
      aria-label={t("Search and commands")}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === event.currentTarget && onClose()}
      className="mx-auto mt-[12vh] mb-auto w-[calc(100vw-2rem)] max-w-xl overflow-hidden rounded-l border border-line bg-card p-0 text-ink shadow-l"
    >
      <div className="flex items-center gap-3 border-b border-line px-4">
        <Search size={17} aria-hidden="true" className="shrink-0 text-muted" />
        <input
          autoFocus
          type="text"
          role="combobox"
          aria-label={t("Search and commands")}
          aria-expanded="true"
          aria-controls={id}
          aria-autocomplete="list"
          aria-activedescendant={found[active] ? `${id}-${active}` : undefined}
          autoComplete="off"
          spellCheck={false}
          maxLength={200}
          placeholder={t("Go to a page, choose a period, filter …")}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setActive(0);
          }}
          onKeyDown={keys}
          className="h-13 w-full min-w-0 bg-transparent text-base outline-none placeholder:text-muted"
        />
      </div>
      <div
        ref={list}
        id={id}
        role="listbox"
        aria-label={t("Commands")}
        className="max-h-[min(24rem,60dvh)] overflow-y-auto p-1.5"
      >
        {found.map((command, i) => (
          <div key={command.key} role="presentation">
            {found[i - 1]?.group !== command.group && (
              <p role="presentation" className="truncate px-2.5 pt-2 pb-1 text-xs text-muted">
                <bdi>{command.group}</bdi>
              </p>
            )}
            {/* biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the text field */}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: the keys are handled by the text field */}
            <div
              id={`${id}-${i}`}
              role="option"
              aria-selected={i === active}
              onPointerMove={() => setActive(i)}
              onClick={() => take(command)}
              className={cx(
                "flex cursor-pointer items-center gap-3 rounded-m px-2.5 py-2 text-sm",
                i === active && "bg-hover",
              )}
            >
              <bdi className="min-w-0 flex-1 truncate">{command.label}</bdi>
              {command.shortcut && (
                <kbd className="shrink-0 font-sans text-xs text-muted">{command.shortcut}</kbd>
              )}
            </div>
          </div>
        ))}
        {found.length === 0 && (
          <p className="px-3 py-8 text-center text-sm text-muted">{t("Nothing matches")}</p>
        )}
      </div>
    </dialog>
  );
}
