import { expect, it } from "vitest";
import { siteOrigin } from "./origin";

const HERE = "http://127.0.0.1:8071";
const site = (...domains: string[]) => ({ domains, isDemo: false });
const seen = (...urls: string[]) => urls.map((url) => ({ url }));

it("takes scheme and port from the site's own events", () => {
  for (const [domain, url, origin] of [
    ["shop.example", "http://shop.example:8443/a?b", "http://shop.example:8443"],
    ["shop.example", "https://www.shop.example/", "https://www.shop.example"],
    ["*.apps.example", "https://a.apps.example:1/", "https://a.apps.example:1"],
  ] as const) {
    expect(siteOrigin(site(domain), seen("", "not an address", url), HERE)).toBe(origin);
  }
});

it("is not led elsewhere by one event among others", () => {
  const shop = site("shop.example", "*.shop.example");
  const others = ["http://shop.example:8443/", "https://evil.shop.example/"];
  for (const [urls, origin] of [
    [[...others, "https://shop.example/a"], "https://shop.example"],
    [["https://evil.shop.example/"], "https://shop.example"],
  ] as const) {
    expect(siteOrigin(shop, seen(...urls), HERE)).toBe(origin);
  }
});

it("believes no page of somebody else's", () => {
  const shop = site("shop.example");
  for (const url of [
    "http://evil.example/",
    "http://shop.example.evil.example/",
    "javascript:alert(1)",
    "ftp://shop.example/",
  ]) {
    expect(siteOrigin(shop, seen(url), HERE)).toBe("https://shop.example");
  }
});

it("guesses where no event tells", () => {
  expect(siteOrigin(site("*.x.example", "shop.example"), [], HERE)).toBe("https://shop.example");
  expect(siteOrigin(site("localhost"), [], HERE)).toBe("http://localhost");
  expect(siteOrigin(site("127.0.0.1"), [], HERE)).toBe("http://127.0.0.1");
  expect(siteOrigin(site("*.x.example"), [], HERE)).toBeNull();
});

it("finds the demo shop on this server", () => {
  const demo = { domains: ["localhost"], isDemo: true };
  expect(siteOrigin(demo, seen("http://localhost/demo/"), HERE)).toBe(HERE);
});
