import { expect, it } from "vitest";
import { searchFilter } from "./search";

it("looks for the text itself, not for what it would mean as a pattern", () => {
  expect(searchFilter("page", " /a.b(c)? ")).toEqual(["matches", "page", ["(?i)/a\\.b\\(c\\)\\?"]]);
});

it("asks for nothing without text", () => {
  expect(searchFilter("page", "  ")).toBeNull();
});

it("keeps to what a pattern may be long", () => {
  const [, , [pattern]] = searchFilter("page", "+".repeat(500)) ?? ["", "", [""]];
  expect(new TextEncoder().encode(pattern).length).toBeLessThanOrEqual(256);
  const [, , [wide]] = searchFilter("page", "漢".repeat(500)) ?? ["", "", [""]];
  expect(new TextEncoder().encode(wide).length).toBeLessThanOrEqual(256);
});
