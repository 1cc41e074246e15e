/**
 * What each key means on the overview: Plausible's keys, and some of our own.
 *
 * Pure: from a key press to a command. Who carries it out is somebody else's business.
 */

import type { RelativePeriod } from "../../lib/time/period";

export type Destination =
  | "overview"
  | "sites"
  | "live"
  | "visitors"
  | "attribution"
  | "bots"
  | "forms"
  | "privacy"
  | "install"
  | "settings"
  | "account";

export type Command =
  | { do: "period"; name: RelativePeriod }
  | { do: "custom-range" }
  | { do: "step"; by: -1 | 1 }
  | { do: "compare" }
  | { do: "interval-menu" }
  | { do: "interval"; by: -1 | 1 }
  | { do: "add-filter" }
  | { do: "clear-filters" }
  | { do: "site"; number: number }
  | { do: "go"; to: Destination }
  | { do: "palette" }
  | { do: "help" };

/** What is read of a keyboard event. */
export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

const PERIOD_KEYS: Readonly<Record<string, RelativePeriod>> = {
  d: "day",
  e: "yesterday",
  r: "realtime",
  h: "24h",
  w: "7d",
  f: "28d",
  t: "30d",
  n: "91d",
  m: "month",
  p: "lastmonth",
  y: "year",
  s: "6mo",
  l: "12mo",
  a: "all",
};

const OTHER_KEYS: Readonly<Record<string, Command>> = {
  c: { do: "custom-range" },
  ArrowLeft: { do: "step", by: -1 },
  ArrowRight: { do: "step", by: 1 },
  x: { do: "compare" },
  i: { do: "interval-menu" },
  "[": { do: "interval", by: -1 },
  "]": { do: "interval", by: 1 },
  "/": { do: "add-filter" },
  Escape: { do: "clear-filters" },
  "?": { do: "help" },
};

const GO_KEYS: Readonly<Record<string, Destination>> = {
  o: "overview",
  s: "sites",
  l: "live",
  v: "visitors",
  c: "attribution",
  b: "bots",
  f: "forms",
  p: "privacy",
  i: "install",
  t: "settings",
  a: "account",
};

/** The result of a key press: a command, or that a second key is awaited. */
export type Meaning = Command | "prefix" | null;

/** `afterG`: the key before was `g`. */
export function meaningOf(press: KeyPress, afterG = false): Meaning {
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  if (press.metaKey || press.ctrlKey) {
    const palette = key === "k" && !press.altKey && !press.shiftKey;
    return palette ? { do: "palette" } : null;
  }
  // `[`, `]`, `/` and `?` need Alt or Shift on many keyboards, so those keys count by their sign.
  const sign = OTHER_KEYS[key];
  if (press.key.length === 1 && /[^a-z0-9]/i.test(press.key)) return sign ?? null;
  if (press.altKey) return null;
  if (press.shiftKey) return key === "f" ? { do: "add-filter" } : null;
  if (afterG) {
    const to = GO_KEYS[key];
    return to ? { do: "go", to } : null;
  }
  if (key === "g") return "prefix";
  if (/^[0-9]$/.test(key)) return { do: "site", number: Number(key) };
  const period = PERIOD_KEYS[key];
  return period ? { do: "period", name: period } : (sign ?? null);
}

/** Whether keys pressed here belong to what has the focus: text is typed, a list walked through. */
export function ownsKeys(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  return target.closest(OWNERS) !== null;
}

const OWNERS = [
  "input:not([type=checkbox]):not([type=radio]):not([type=button])",
  "textarea",
  "select",
  "[contenteditable]",
  "dialog",
  "[role=dialog]",
  "[role=menu]",
  "[role=listbox]",
].join(",");

/** Arrow keys that an element uses itself, such as tabs and the chart. */
export function ownsArrows(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("[role=tablist],[data-arrow-keys]") !== null;
}
