import { afterEach, beforeEach, expect, test, vi } from "vitest";

/** The function as a page at `href` sees it. */
async function cleanUrlAt(href: string, config: Record<string, unknown> = {}): Promise<string> {
  const url = new URL(href);
  vi.stubGlobal("window", { ClewConfig: config });
  vi.stubGlobal("document", { currentScript: { dataset: {}, src: "" } });
  vi.stubGlobal("location", {
    origin: url.origin,
    pathname: url.pathname,
    search: url.search,
    hash: url.hash,
  });
  return (await import("../../src/lib/cleanUrl")).cleanUrl();
}

beforeEach(() => {
  vi.resetModules();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

test.each([
  ["https://a.test/p?token=s3cret&q=x", "https://a.test/p"],
  ["https://a.test/p?utm_source=n&email=a@b.c", "https://a.test/p?utm_source=n"],
  ["https://a.test/p?utm_source=n&utm_term=a%20b", "https://a.test/p?utm_source=n&utm_term=a%20b"],
  ["https://a.test/p?session_id=1&order_id=2&sid=3&uuid=4", "https://a.test/p"],
  ["https://user:pw@a.test/p#part", "https://a.test/p"],
  ["https://a.test/p?undefined&=x&&", "https://a.test/p?undefined"],
])("%s leaves the browser as %s", async (href, cleaned) => {
  expect(await cleanUrlAt(href)).toBe(cleaned);
});

test.each(
  "gclid gbraid wbraid dclid fbclid msclkid ttclid twclid li_fat_id sc_click_id ScCid rdt_cid epik".split(
    " ",
  ),
)("the click id %s is kept", async (name) => {
  expect(await cleanUrlAt(`https://a.test/?${name}=v`)).toBe(`https://a.test/?${name}=v`);
});

test("the site's pattern keeps whole names only", async () => {
  const query = "page|sort";
  expect(await cleanUrlAt("https://a.test/?page=2&sort&pages=3&x=1", { query })).toBe(
    "https://a.test/?page=2&sort",
  );
  vi.resetModules();
  expect(await cleanUrlAt("https://a.test/?a=1&b=2", { query: ".*" })).toBe(
    "https://a.test/?a=1&b=2",
  );
});

test("with hash routing the fragment belongs to the address", async () => {
  expect(await cleanUrlAt("https://a.test/app#/cart", { hash: true })).toBe(
    "https://a.test/app#/cart",
  );
});
