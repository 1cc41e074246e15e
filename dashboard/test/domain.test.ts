import { describe, expect, it } from "vitest";
import { normaliseDomain } from "../src/lib/domain";

/** The cases of the server's own normalisation, and what only a person types. */
describe("a typed domain", () => {
  it.each([
    ["Example.COM", "example.com"],
    ["example.com.", "example.com"],
    ["  HTTPS://Shop.Example.com/cart?x=1#y ", "shop.example.com"],
    ["https://user@shop.example:8443/a?b#c", "shop.example"],
    ["localhost:8080", "localhost"],
    ["127.0.0.1:80", "127.0.0.1"],
    ["[::1]:8080", "[::1]"],
    ["*.Bücher.example", "*.xn--bcher-kva.example"],
    ["https://*.example.com/", "*.example.com"],
    ["", null],
    ["a b", null],
    ["*.", null],
    ["a.*.example", null],
    ["javascript:alert(1)", null],
    [".com", null],
  ])("%j becomes %j", (typed, domain) => {
    expect(normaliseDomain(typed)).toBe(domain);
  });
});
