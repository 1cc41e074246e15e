/** Whether single keys do something. Some people type by voice or by accident. */
import { useSyncExternalStore } from "react";

const STORAGE = "clew.shortcuts";
const listeners = new Set<() => void>();

export function keysEnabled(): boolean {
  return localStorage.getItem(STORAGE) !== "off";
}

export function setKeysEnabled(enabled: boolean): void {
  if (enabled) localStorage.removeItem(STORAGE);
  else localStorage.setItem(STORAGE, "off");
  for (const changed of listeners) changed();
}

export function useKeysEnabled(): boolean {
  return useSyncExternalStore((changed) => {
    listeners.add(changed);
    return () => listeners.delete(changed);
  }, keysEnabled);
}
