import { describe, expect, it } from "vitest";
import { type KeyPress, meaningOf } from "./keymap";
import { SHEET } from "./sheet";

const press = (key: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});

describe("keys", () => {
  it.each([
    ["d", "day"],
    ["e", "yesterday"],
    ["r", "realtime"],
    ["h", "24h"],
    ["w", "7d"],
    ["f", "28d"],
    ["n", "91d"],
    ["t", "30d"],
    ["m", "month"],
    ["p", "lastmonth"],
    ["y", "year"],
    ["s", "6mo"],
    ["l", "12mo"],
    ["a", "all"],
  ])("%s opens %s", (key, name) => {
    expect(meaningOf(press(key))).toEqual({ do: "period", name });
  });

  it("do the rest that Plausible's do", () => {
    expect(meaningOf(press("c"))).toEqual({ do: "custom-range" });
    expect(meaningOf(press("ArrowLeft"))).toEqual({ do: "step", by: -1 });
    expect(meaningOf(press("ArrowRight"))).toEqual({ do: "step", by: 1 });
    expect(meaningOf(press("x"))).toEqual({ do: "compare" });
    expect(meaningOf(press("i"))).toEqual({ do: "interval-menu" });
    expect(meaningOf(press("/"))).toEqual({ do: "add-filter" });
    expect(meaningOf(press("Escape"))).toEqual({ do: "clear-filters" });
    expect(meaningOf(press("0"))).toEqual({ do: "site", number: 0 });
    expect(meaningOf(press("9"))).toEqual({ do: "site", number: 9 });
  });

  it("work on keyboards where signs need Shift or Alt", () => {
    expect(meaningOf(press("/", { shiftKey: true }))).toEqual({ do: "add-filter" });
    expect(meaningOf(press("?", { shiftKey: true }))).toEqual({ do: "help" });
    expect(meaningOf(press("[", { altKey: true }))).toEqual({ do: "interval", by: -1 });
  });

  it("leave the browser's own alone", () => {
    for (const key of ["d", "f", "r", "l", "ArrowLeft", "0"]) {
      expect(meaningOf(press(key, { ctrlKey: true }))).toBeNull();
      expect(meaningOf(press(key, { metaKey: true }))).toBeNull();
      expect(meaningOf(press(key, { altKey: true }))).toBeNull();
    }
    expect(meaningOf(press("D", { shiftKey: true }))).toBeNull();
  });

  it("open the palette and the filter with their modifiers", () => {
    expect(meaningOf(press("k", { ctrlKey: true }))).toEqual({ do: "palette" });
    expect(meaningOf(press("k", { metaKey: true }))).toEqual({ do: "palette" });
    expect(meaningOf(press("F", { shiftKey: true }))).toEqual({ do: "add-filter" });
  });

  it("navigate after G, where the same letters mean something else", () => {
    expect(meaningOf(press("g"))).toBe("prefix");
    expect(meaningOf(press("l"), true)).toEqual({ do: "go", to: "live" });
    expect(meaningOf(press("q"), true)).toBeNull();
  });

  it("are not disturbed by Caps Lock", () => {
    expect(meaningOf(press("D"))).toEqual({ do: "period", name: "day" });
  });
});

it("explains every single key once", () => {
  const keys = SHEET.flatMap((group) => group.shortcuts.flatMap((shortcut) => shortcut.keys));
  expect(new Set(keys).size).toBe(keys.length);
  for (const letter of "DERHWFTNMPYSLACXI") expect(keys).toContain(letter);
});
