import { describe, expect, it } from "vitest";
import { strengthOf } from "../src/lib/password";

describe("the strength of a password", () => {
  it.each([
    ["", "short"],
    ["Tr0ub4dor", "short"],
    ["aaaaaaaaaaaa", "weak"],
    ["password12", "weak"],
    ["sunflower42", "fair"],
    ["correct horse battery", "strong"],
  ])("of %j is %s", (password, strength) => {
    expect(strengthOf(password)).toBe(strength);
  });
});
