import { describe, expect, it } from "vitest";
import { normaliseNetwork, parseNetworks } from "./network";

describe("an address or network", () => {
  it.each([
    ["203.0.113.7", "203.0.113.7"],
    [" 203.0.113.0/24 ", "203.0.113.0/24"],
    ["0.0.0.0/0", "0.0.0.0/0"],
    ["2001:DB8:0:0::1", "2001:db8::1"],
    ["2001:db8::/32", "2001:db8::/32"],
    ["::1", "::1"],
  ])("%s is taken", (typed, kept) => expect(normaliseNetwork(typed)).toBe(kept));

  it.each([
    "",
    "203.0.113",
    "256.0.0.1",
    "01.2.3.4",
    "203.0.113.0/33",
    "2001:db8::/129",
    "203.0.113.0/-1",
    "203.0.113.0/",
    "1.2.3.4/5/6",
    "example.com",
    "::g",
    "1::2::3",
    "<b>",
  ])("%s is not", (typed) => expect(normaliseNetwork(typed)).toBeNull());
});

it("reads several at once, each one time", () => {
  expect(parseNetworks("10.0.0.1, 10.0.0.2\n10.0.0.1")).toEqual({
    networks: ["10.0.0.1", "10.0.0.2"],
    bad: null,
  });
  expect(parseNetworks("10.0.0.1 office").bad).toBe("office");
  expect(parseNetworks("  ")).toEqual({ networks: [], bad: null });
});
