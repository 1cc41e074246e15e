import { useSyncExternalStore } from "react";

/** The colour theme. `system` follows the device; public/theme.js applies a stored choice at load. */
export type Theme = "system" | "light" | "dark";

const STORAGE = "clew.theme";
const listeners = new Set<() => void>();

export function theme(): Theme {
  const chosen = document.documentElement.dataset.theme;
  return chosen === "light" || chosen === "dark" ? chosen : "system";
}

export function setTheme(chosen: Theme): void {
  if (chosen === "system") {
    delete document.documentElement.dataset.theme;
    localStorage.removeItem(STORAGE);
  } else {
    document.documentElement.dataset.theme = chosen;
    localStorage.setItem(STORAGE, chosen);
  }
  for (const changed of listeners) changed();
}

export function useTheme(): Theme {
  return useSyncExternalStore((changed) => {
    listeners.add(changed);
    return () => listeners.delete(changed);
  }, theme);
}
