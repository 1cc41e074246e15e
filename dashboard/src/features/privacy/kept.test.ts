import { expect, it } from "vitest";
import { keptRows } from "./kept";

it("has a row a thing, with what never is kept at the end", () => {
  const rows = keptRows([
    { state: "unknown", keeps: ["statistics"], forbids: ["replay", "visitor_id"] },
    { state: "granted", keeps: ["statistics", "visitor_id"], forbids: ["full_ip"] },
  ]);
  expect(rows).toEqual([
    { thing: "statistics", kept: [true, true] },
    { thing: "visitor_id", kept: [false, true] },
    { thing: "replay", kept: [false, false] },
    { thing: "full_ip", kept: [false, false] },
  ]);
});

it("says nothing of nothing", () => expect(keptRows([])).toEqual([]));
