import { expect, it } from "vitest";
import { clickIntent, keyIntent } from "./intent";

const free = { altKey: false, shiftKey: false, ctrlKey: false, metaKey: false };

it("a click includes, with Alt excludes, with Shift marks", () => {
  expect(clickIntent(free)).toBe("include");
  expect(clickIntent({ ...free, altKey: true })).toBe("exclude");
  expect(clickIntent({ ...free, shiftKey: true })).toBe("mark");
});

it("Ctrl-click stays the browser's new tab", () => {
  expect(clickIntent({ ...free, ctrlKey: true })).toBeNull();
  expect(clickIntent({ ...free, metaKey: true, shiftKey: true })).toBeNull();
});

it("Space does what a click does and Enter opens the list", () => {
  expect(keyIntent({ ...free, key: " " })).toBe("include");
  expect(keyIntent({ ...free, key: " ", altKey: true })).toBe("exclude");
  expect(keyIntent({ ...free, key: "-" })).toBe("exclude");
  expect(keyIntent({ ...free, key: "+", shiftKey: true })).toBe("mark-on");
  expect(keyIntent({ ...free, key: " ", shiftKey: true })).toBe("mark");
  expect(keyIntent({ ...free, key: "Enter" })).toBe("details");
  expect(keyIntent({ ...free, key: "Enter", ctrlKey: true })).toBeNull();
  expect(keyIntent({ ...free, key: "a" })).toBeNull();
});
