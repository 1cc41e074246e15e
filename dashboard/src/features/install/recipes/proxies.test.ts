import { readFileSync } from "node:fs";
import { i18n } from "@lingui/core";
import { beforeAll, expect, it } from "vitest";
import { COLLECTOR_PATHS } from "./collector-paths";
import { PROXY_RECIPES } from "./index";

beforeAll(() => i18n.loadAndActivate({ locale: "en", messages: {} }));

const TARGET = {
  siteId: "shop",
  origin: "https://stats.example",
  domain: "shop.example",
  writeKey: "pk_1",
};
const passed = new RegExp(`^/t/(?:${COLLECTOR_PATHS})$`);
const repository = (path: string) =>
  readFileSync(new URL(`../../../../../${path}`, import.meta.url), "utf8");

/** The doors that a page or its script may ask; servers ask without a proxy. */
function publicDoors(): string[] {
  const { paths } = JSON.parse(repository("api/openapi.json"));
  const tagged = Object.entries<Record<string, { tags?: string[] }>>(paths).filter(([, item]) =>
    Object.values(item).some(({ tags }) => tags?.includes("Ingest") || tags?.includes("Scripts")),
  );
  return tagged.map(([path]) => path);
}

it("passes every address that pages ask for", () => {
  const apart = ["/", "/.well-known/gpc.json", "/api/v1/config/domain/{domain}"];
  const missing = publicDoors()
    .filter((path) => !apart.includes(path))
    .filter(
      (path) =>
        !passed.test(
          `/t${path.replace(/\{(?:script|chunk)\}/, "shop.js").replace(/\{\w+\}/, "shop")}`,
        ),
    );
  expect(missing).toEqual([]);
});

it.each([
  "/app/",
  "/v1/sites",
  "/v1/session",
  "/v1/reports/overview",
  "/lead.capture/crm-callback",
  "/analytics/settings",
  "/metrics",
  "/c/../app/index.js",
])("keeps %s to itself", (path) => expect(passed.test(`/t${path}`)).toBe(false));

it("is what the handbook says", () => {
  const handbook = repository("docs/proxy.md");
  for (const recipe of PROXY_RECIPES) {
    const own = recipe.steps(TARGET).find(({ code }) => code?.text.includes("p\\.gif"));
    const rule = own?.code?.text.split("\n").find((line) => line.includes("p\\.gif"));
    expect(handbook, recipe.key).toContain(rule ?? "no rule");
  }
});
