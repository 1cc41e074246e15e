/** Web storage by key. Naming it throws where a browser blocks site data: then there is none. */
type Area = "local" | "session";

function within<T>(area: Area, act: (storage: Storage) => T): T | null {
  try {
    return act(window[`${area}Storage`]);
  } catch {
    return null;
  }
}

export function read(area: Area, key: string): string | null {
  return within(area, (storage) => storage.getItem(key));
}

export function write(area: Area, key: string, text: string): void {
  within(area, (storage) => storage.setItem(key, text));
}

export function drop(area: Area, keys: string[]): void {
  keys.forEach((key) => {
    within(area, (storage) => storage.removeItem(key));
  });
}
