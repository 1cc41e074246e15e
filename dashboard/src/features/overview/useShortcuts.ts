import { effectiveInterval, neighbour } from "../../lib/time/interval";
import { step } from "../../lib/time/period";
import type { Command } from "../shortcuts/keymap";
import { useKeys } from "../shortcuts/useKeys";
import { useOverview } from "./context";

/** Carries out the keys that are about the overview's view. */
export function useShortcuts(): void {
  const { state, change, site, scope, now } = useOverview();
  useKeys((command) => {
    switch (command.do) {
      case "period":
        change({ period: { kind: "relative", name: command.name }, interval: null });
        return true;
      case "step": {
        const period = step(state.period, command.by, site.timeZone, now);
        if (period) change({ period });
        return period !== null;
      }
      case "compare": {
        const on = state.comparison.kind !== "none";
        change({ comparison: { kind: on ? "none" : "previous" } });
        return true;
      }
      case "interval": {
        const current = effectiveInterval(state.interval, scope.span);
        const interval = neighbour(current, command.by, scope.span);
        if (interval) change({ interval });
        return interval !== null;
      }
      case "clear-filters":
        if (state.filter.length > 0) change({ filter: [] });
        return state.filter.length > 0;
      case "custom-range":
      case "interval-menu":
      case "add-filter":
        return press(command);
      default:
        return false;
    }
  });
}

/** Presses the button that the page shows for a command. */
function press(command: Command): boolean {
  const place = document.querySelector(`[data-shortcut="${command.do}"]`);
  const button = place?.matches("button")
    ? place
    : place?.querySelector("button[popovertarget], button[aria-haspopup]");
  if (button instanceof HTMLElement) button.click();
  return button instanceof HTMLElement;
}
