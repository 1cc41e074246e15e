/** Opens the sheet of shortcuts from anywhere. */
const listeners = new Set<() => void>();

export function openSheet(): void {
  for (const open of listeners) open();
}

export function onOpenSheet(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
