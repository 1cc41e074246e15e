import { expect, it } from "vitest";
import type { Site } from "../../api/types";
import { tryPath } from "./try-path";

const SITE = { siteId: "0199", slug: "shop" } as Site;

it("tries a page that the key sees", () => {
  expect(tryPath(["leads", "overview"], SITE)).toBe("/analytics/overview?site=shop");
  expect(tryPath(["sessions"], { ...SITE, slug: null })).toBe("/analytics/sessions?site=0199");
  expect(tryPath(["replay", "reports"], SITE)).toBe("/v1/reports/bots?site=shop");
  expect(tryPath(["timeseries"], undefined)).toBe("/analytics/timeseries");
  expect(tryPath(["leads", "replay"], SITE)).toBeNull();
});

it("lists the sites with other keys", () => {
  expect(tryPath(null, SITE)).toBe("/v1/sites");
});
