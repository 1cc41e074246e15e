import { expect, test } from "vitest";
import { bareAddress, shortText } from "../../src/auto/click";
import { firstInView } from "../../src/auto/first";
import { depth, marksUpTo } from "../../src/auto/scroll";
import type { Shared } from "../../src/lib/internals";

test.each([
  ["/b?token=1#x", "https://a.test/b"],
  ["https://user:pw@b.test/c?d=e", "https://b.test/c"],
  ["#top", "https://a.test/page"],
  ["mailto:ada@example.com", "mailto:"],
  ["tel:+491234", "tel:"],
  ["javascript:alert(1)", "javascript:"],
  ["http://", undefined],
])("a link to %s is reported as %s", (href, expected) => {
  expect(bareAddress(href, "https://a.test/page?q=1")).toBe(expected);
});

test("the text of a button is one short line", () => {
  expect(shortText("  Add\n   to cart ")).toBe("Add to cart");
  expect(shortText("x".repeat(90))).toHaveLength(64);
});

test.each([
  [0, 800, 4000, []],
  [200, 800, 4000, [25]],
  [1200, 800, 4000, [25, 50]],
  [3199.4, 800, 4000, [25, 50, 75, 90, 100]],
  [0, 0, 0, []],
])("scrolled to %d of a page: marks %#", (top, height, whole, expected) => {
  expect(marksUpTo(depth(top, height, whole))).toEqual(expected);
});

test("a thing happens for the first time once in each view", () => {
  let view = {};
  const first = firstInView({ view: () => view } as Shared);
  expect([first("a"), first("a"), first("b")]).toEqual([true, false, true]);
  view = {};
  expect(first("a")).toBe(true);
});
