import { describe, expect, it } from "vitest";
import { nextAddress, siteAddress, siteNameOf } from "../src/lib/address";
import { slugFrom } from "../src/lib/slug";

describe("the address of a site", () => {
  it("has its slug", () => {
    expect(siteAddress({ siteId: "id", slug: "shop" }, "/install")).toBe("/shop/install");
  });

  it("has its id where there is no slug, or one that hides a page of the app", () => {
    expect(siteAddress({ siteId: "id", slug: null })).toBe("/id");
    expect(siteAddress({ siteId: "id", slug: "settings" })).toBe("/id");
  });

  it.each([
    ["/", null],
    ["/settings/users", null],
    ["/shop", "shop"],
    ["/shop/settings/data", "shop"],
    ["/a%20b/live", "a b"],
    ["/%ff", null],
  ])("in %j is of %j", (path, name) => {
    expect(siteNameOf(path)).toBe(name);
  });
});

describe("where to go after signing in", () => {
  it.each([
    ["", "/"],
    ["next=%2Fshop%3Fperiod%3D7d", "/shop?period=7d"],
    ["next=https%3A%2F%2Fevil.example", "/"],
    ["next=%2F%2Fevil.example", "/"],
    ["next=%2F%5Cevil.example", "/"],
    ["next=javascript%3Aalert(1)", "/"],
  ])("for ?%s is %s", (search, address) => {
    expect(nextAddress(search)).toBe(address);
  });
});

describe("a slug made from a name", () => {
  it.each([
    ["Müller & Söhne", "mueller-soehne"],
    ["Große Straße", "grosse-strasse"],
    ["Café Émile", "cafe-emile"],
    ["  --- ", ""],
    ["日本", ""],
    ["x".repeat(80), "x".repeat(63)],
  ])("%j is %j", (name, slug) => {
    expect(slugFrom(name)).toBe(slug);
  });
});
