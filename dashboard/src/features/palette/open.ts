/** Opens the palette from anywhere. */
const listeners = new Set<() => void>();

export function openPalette(): void {
  for (const open of listeners) open();
}

export function onOpenPalette(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
