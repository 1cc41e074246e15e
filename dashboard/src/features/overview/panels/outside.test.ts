import { expect, it } from "vitest";
import { outsideAddress } from "./outside";

it("leads to pages of the site and to referrers", () => {
  expect(outsideAddress("page", "/a b", "shop.example")).toBe("https://shop.example/a%20b");
  expect(outsideAddress("referrer", "http://a.example/x", "")).toBe("http://a.example/x");
  expect(outsideAddress("hostname", "a.example", "")).toBe("https://a.example/");
});

it.each([
  ["referrer", "javascript:alert(1)"],
  ["referrer", "data:text/html,<script>alert(1)</script>"],
  ["referrer", "not an address"],
  ["page", "//evil.example/"],
  ["page", "javascript:alert(1)"],
  ["page", ""],
  ["source", "https://a.example/"],
] as const)("follows no %s %j", (dimension, value) => {
  const address = outsideAddress(dimension, value, "shop.example");
  expect(address === null || new URL(address).host === "shop.example").toBe(true);
});

it("stays on the site's own host whatever the path says", () => {
  const address = outsideAddress("page", "/@evil.example/", "shop.example");
  expect(address && new URL(address).host).toBe("shop.example");
});
