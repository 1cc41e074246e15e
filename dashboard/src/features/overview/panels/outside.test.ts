import { expect, it } from "vitest";
import { outsideAddress } from "./outside";

const SHOP = "https://shop.example";

it("leads to pages of the site and to referrers", () => {
  expect(outsideAddress("page", "/a b", SHOP)).toBe("https://shop.example/a%20b");
  expect(outsideAddress("referrer", "http://a.example/x", null)).toBe("http://a.example/x");
  expect(outsideAddress("hostname", "a.example", null)).toBe("https://a.example/");
});

it("keeps scheme and port of the site", () => {
  const local = "http://127.0.0.1:8071";
  expect(outsideAddress("page", "/demo/", local)).toBe("http://127.0.0.1:8071/demo/");
  expect(outsideAddress("hostname", "127.0.0.1", local)).toBe("http://127.0.0.1:8071/");
  expect(outsideAddress("hostname", "shop.example", local)).toBe("https://shop.example/");
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
  const address = outsideAddress(dimension, value, SHOP);
  expect(address === null || new URL(address).host === "shop.example").toBe(true);
});

it("stays on the site's own host whatever the path says", () => {
  const address = outsideAddress("page", "/@evil.example/", SHOP);
  expect(address && new URL(address).host).toBe("shop.example");
});
