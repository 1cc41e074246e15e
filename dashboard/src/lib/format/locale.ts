/** Which conventions numbers and dates follow. */
import { language } from "../i18n";

/** The reader's own variant of the chosen language (`en-GB`, `de-AT`), else the language itself. */
export function locale(): string {
  const chosen = language();
  const own = globalThis.navigator?.languages?.find((tag) => tag.slice(0, 2) === chosen);
  return own ?? chosen;
}

/** Makes a costly `Intl` object once per key. */
export function remembered<T>(make: (key: string) => T): (key: string) => T {
  const made = new Map<string, T>();
  return (key) => {
    let known = made.get(key);
    if (known === undefined) {
      known = make(key);
      made.set(key, known);
    }
    return known;
  };
}
