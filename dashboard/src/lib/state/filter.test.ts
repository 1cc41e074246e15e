import { describe, expect, it } from "vitest";
import {
  add,
  exclude,
  type Filter,
  include,
  includeAlso,
  join,
  nextOperator,
  remove,
  replace,
  split,
  toApi,
} from "./filter";

const google: Filter = [[{ op: "is", dimension: "source", values: ["Google"] }]];
const first = { group: 0, condition: 0 };

describe("clicks on rows", () => {
  it("include exactly the clicked value and take it back the second time", () => {
    expect(include([], "source", "Google")).toEqual(google);
    expect(include(google, "source", "Bing")).toEqual([
      [{ op: "is", dimension: "source", values: ["Bing"] }],
    ]);
    expect(include(google, "source", "Google")).toEqual([]);
  });

  it("with Alt exclude one value after the other", () => {
    const without = exclude(exclude([], "page", "/a"), "page", "/b");
    expect(without).toEqual([[{ op: "is_not", dimension: "page", values: ["/a", "/b"] }]]);
    expect(exclude(without, "page", "/a")).toEqual([
      [{ op: "is_not", dimension: "page", values: ["/b"] }],
    ]);
  });

  it("with Alt on an included value turn it round", () => {
    expect(exclude(google, "source", "Google")).toEqual([
      [{ op: "is_not", dimension: "source", values: ["Google"] }],
    ]);
  });

  it("with Shift add alternatives", () => {
    const either = includeAlso(google, "source", "Bing");
    expect(either).toEqual([[{ op: "is", dimension: "source", values: ["Google", "Bing"] }]]);
    expect(includeAlso(either, "source", "Google")).toEqual([
      [{ op: "is", dimension: "source", values: ["Bing"] }],
    ]);
    expect(includeAlso(google, "source", "Google")).toEqual([]);
  });

  it("leave other dimensions and groups of alternatives alone", () => {
    const either: Filter = [
      [
        { op: "is", dimension: "source", values: ["Google"] },
        { op: "is", dimension: "medium", values: ["email"] },
      ],
    ];
    expect(include(either, "source", "Bing")).toEqual([
      ...either,
      [{ op: "is", dimension: "source", values: ["Bing"] }],
    ]);
  });

  it("treat an empty value like any other", () => {
    expect(include([], "campaign", "")).toEqual([
      [{ op: "is", dimension: "campaign", values: [""] }],
    ]);
  });
});

describe("chips", () => {
  const two = add(google, { op: "contains", dimension: "page", values: ["/shop"] });

  it("can be removed, and with the last value goes the chip", () => {
    expect(remove(two, first)).toEqual([two[1]]);
    expect(replace(two, first, { op: "is", dimension: "source", values: [] })).toEqual([two[1]]);
  });

  it("can be joined to alternatives and split again", () => {
    const joined = join(two, 0);
    expect(joined).toHaveLength(1);
    expect(toApi(joined)).toEqual([
      ["or", ["is", "source", ["Google"]], ["contains", "page", ["/shop"]]],
    ]);
    expect(split(joined, { group: 0, condition: 1 })).toEqual(two);
    expect(join(two, 1)).toEqual(two);
  });

  it("cycle texts among texts and patterns among patterns", () => {
    const seen = ["is" as const];
    for (let i = 0; i < 5; i++) seen.push(nextOperator(seen.at(-1) ?? "is") as "is");
    expect(seen).toEqual(["is", "is_not", "contains", "contains_not", "starts_with", "ends_with"]);
    expect(nextOperator("ends_with")).toBe("is");
    expect(nextOperator("matches")).toBe("matches_not");
    expect(nextOperator("matches_not")).toBe("matches");
  });
});

it("asks the API for nothing when nothing is filtered", () => {
  expect(toApi([])).toBeNull();
  expect(toApi(google)).toEqual([["is", "source", ["Google"]]]);
});
