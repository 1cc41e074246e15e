import { expect, it } from "vitest";
import type { Filter } from "../../../lib/state/filter";
import { chosenValues, filterWith, NO_MARKS, toggleMark } from "./marks";

const none: Filter = [];

it("makes one condition with alternatives of all marked rows", () => {
  const one = toggleMark(NO_MARKS, "channel", "Direct", "shift");
  const two = toggleMark(one, "channel", "Email", "shift");
  expect(filterWith(none, two)).toEqual([
    [{ op: "is", dimension: "channel", values: ["Direct", "Email"] }],
  ]);
  expect(chosenValues(none, two, "channel")).toEqual(["Direct", "Email"]);
  expect(chosenValues(none, two, "page")).toEqual([]);
});

it("keeps the marks of two panels apart, as conditions that both hold", () => {
  const one = toggleMark(NO_MARKS, "channel", "Direct", "shift");
  const two = toggleMark(one, "page", "/", "shift");
  expect(filterWith(none, two)).toEqual([
    [{ op: "is", dimension: "channel", values: ["Direct"] }],
    [{ op: "is", dimension: "page", values: ["/"] }],
  ]);
});

it("joins what is chosen already, and lets go of it when it is marked", () => {
  const held: Filter = [[{ op: "is", dimension: "channel", values: ["Direct"] }]];
  const more = toggleMark(NO_MARKS, "channel", "Email", "shift");
  expect(chosenValues(held, more, "channel")).toEqual(["Direct", "Email"]);
  expect(filterWith(held, toggleMark(NO_MARKS, "channel", "Direct", "shift"))).toEqual([]);
});

it("forgets a row that is marked twice", () => {
  const one = toggleMark(NO_MARKS, "channel", "Direct", "enter");
  expect(toggleMark(one, "channel", "Direct", "enter")).toBe(NO_MARKS);
});

it("waits for Enter once a row was marked with the plus key", () => {
  const one = toggleMark(NO_MARKS, "channel", "Direct", "enter");
  expect(toggleMark(one, "channel", "Email", "shift").until).toBe("enter");
  expect(toggleMark(NO_MARKS, "channel", "Email", "shift").until).toBe("shift");
});
