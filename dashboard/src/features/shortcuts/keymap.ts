/**
 * What each key means on the overview: Plausible's keys, and some of our own.
 *
 * Pure: from a key press to a command. Who carries it out is somebody else's business.
 */

import { msg } from "../../lib/i18n";
import type { RelativePeriod } from "../../lib/time/period";

export type Destination = "overview" | "sites" | "live" | "install" | "settings" | "account";

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

export interface Shortcut {
  keys: readonly string[];
  label: string;
}

export interface ShortcutGroup {
  title: string;
  shortcuts: readonly Shortcut[];
}

/** The sheet behind `?`. Texts are translated where they are shown. */
export const SHEET: readonly ShortcutGroup[] = [
  {
    title: msg("Period"),
    shortcuts: [
      { keys: ["D"], label: msg("Today") },
      { keys: ["E"], label: msg("Yesterday") },
      { keys: ["R"], label: msg("Realtime") },
      { keys: ["H"], label: msg("Last 24 hours") },
      { keys: ["W"], label: msg("Last 7 days") },
      { keys: ["F"], label: msg("Last 28 days") },
      { keys: ["T"], label: msg("Last 30 days") },
      { keys: ["N"], label: msg("Last 91 days") },
      { keys: ["M"], label: msg("Month to date") },
      { keys: ["P"], label: msg("Last month") },
      { keys: ["Y"], label: msg("Year to date") },
      { keys: ["S"], label: msg("Last 6 months") },
      { keys: ["L"], label: msg("Last 12 months") },
      { keys: ["A"], label: msg("All time") },
      { keys: ["C"], label: msg("Custom range") },
      { keys: ["←", "→"], label: msg("Period before, period after") },
    ],
  },
  {
    title: msg("View"),
    shortcuts: [
      { keys: ["X"], label: msg("Comparison on or off") },
      { keys: ["I"], label: msg("Choose the interval") },
      { keys: ["[", "]"], label: msg("Finer, coarser interval") },
      { keys: ["/", "Shift F"], label: msg("Add a filter") },
      { keys: ["Esc"], label: msg("Clear all filters") },
    ],
  },
  {
    title: msg("On a row"),
    shortcuts: [
      { keys: ["Space"], label: msg("Only this value (as a click)") },
      { keys: ["+", "Shift Space"], label: msg("This value as well (Shift-click)") },
      { keys: ["-"], label: msg("Anything but this value (Alt-click)") },
      { keys: ["Enter"], label: msg("The whole list") },
    ],
  },
  {
    title: msg("Go to"),
    shortcuts: [
      { keys: ["G O"], label: msg("Overview") },
      { keys: ["G L"], label: msg("Live events") },
      { keys: ["G S"], label: msg("Sites") },
      { keys: ["G I"], label: msg("Install") },
      { keys: ["G T"], label: msg("Site settings") },
      { keys: ["G A"], label: msg("Your account") },
      { keys: ["0"], label: msg("Sites") },
      { keys: ["1–9"], label: msg("First to ninth site") },
      { keys: ["Ctrl K"], label: msg("Search and commands") },
      { keys: ["?"], label: msg("This sheet") },
    ],
  },
];
