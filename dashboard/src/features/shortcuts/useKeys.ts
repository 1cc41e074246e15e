import { useEffect, useRef } from "react";
import { type Command, meaningOf, ownsArrows, ownsKeys } from "./keymap";
import { keysEnabled } from "./preference";

const PREFIX_MS = 1_500;
const OPEN = "dialog[open], [popover]:popover-open:not([role=tooltip])";

/** Hands every command that a key press means to `run`, which says whether it took it. */
export function useKeys(run: (command: Command) => boolean): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    let prefixUntil = 0;
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || event.repeat) return;
      const meaning = meaningOf(event, event.timeStamp < prefixUntil);
      prefixUntil = 0;
      if (meaning === null) return;
      const palette = meaning !== "prefix" && meaning.do === "palette";
      if (!palette && !isFree(event)) return;
      if (meaning === "prefix") prefixUntil = event.timeStamp + PREFIX_MS;
      else if (latest.current(meaning)) event.preventDefault();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
}

/** Whether the key belongs to nothing else: no field, no open dialog, no widget that walks. */
function isFree(event: KeyboardEvent): boolean {
  if (!keysEnabled() || ownsKeys(event.target) || document.querySelector(OPEN)) return false;
  return !(event.key.startsWith("Arrow") && ownsArrows(event.target));
}
