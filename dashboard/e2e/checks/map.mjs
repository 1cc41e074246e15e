import assert from "node:assert/strict";
import { open, panel, settled } from "../support/pages.mjs";
import { signInOwner } from "../support/people.mjs";
import { addSite } from "../support/server.mjs";
import { send } from "../support/traffic.mjs";
import { until } from "../support/until.mjs";
import { findings } from "./accessibility.mjs";

/** Visitors by where the clocks of their browsers are. */
const ZONES = {
  "Europe/Berlin": 4,
  "America/New_York": 3,
  "Asia/Singapore": 2,
  "Asia/Tokyo": 1,
};

async function prepare({ page, context, server }) {
  await signInOwner(context, server);
  await addSite(server);
  let n = 0;
  for (const [tz, visitors] of Object.entries(ZONES)) {
    for (let one = 0; one < visitors; one++) {
      const view = { type: "pageview", url: "http://127.0.0.1/demo/" };
      await send(server, "shop", [view], { ip: `198.51.100.${++n}`, tz });
    }
  }
  await until(
    "the visitors",
    async () => (await server.report("overview", { site: "shop" }))?.totals.pageviews === n,
  );
  await open(page, server, "/shop?period=7d");
  await panel(page, "Locations").scrollIntoViewIfNeeded();
  await settled(page);
}

const filteredBy = (page, code) =>
  page.waitForFunction((wanted) => location.search.includes(`f=is,country,${wanted}`), code);

export default [
  {
    name: "the map shows where visitors are, and a click on a country limits the view to it",
    async run({ page, context, server }) {
      await prepare({ page, context, server });
      const locations = panel(page, "Locations");
      await locations.getByRole("button", { name: "Germany: 4 visitors" }).waitFor();
      // Too small to be drawn at this scale, and there all the same.
      await locations.getByRole("button", { name: "Singapore: 2 visitors" }).waitFor();
      await locations.getByRole("button", { name: "Germany: 4 visitors" }).hover({ force: true });
      await locations.locator("p", { hasText: "Germany" }).first().waitFor();
      await locations
        .getByRole("button", { name: "Germany: 4 visitors" })
        .dispatchEvent("click", { bubbles: true });
      await filteredBy(page, "DE");
      await page.getByText("Country is Germany").or(page.getByText("Germany")).first().waitFor();
      await page.goBack();
      await page.waitForFunction(() => !location.search.includes("f="));
    },
  },
  {
    name: "the map can be walked and used by keys, and has no serious accessibility findings",
    only: "chromium",
    alone: true,
    async run({ page, context, server }) {
      await prepare({ page, context, server });
      const map = panel(page, "Locations").getByRole("group", { name: "Visitors by country" });
      const stops = map.locator("[tabindex='0']");
      assert.equal(await stops.count(), 1, "one country is in the tab order");
      await stops.focus();
      await page.keyboard.press("ArrowRight");
      const at = await page.evaluate(() => document.activeElement.getAttribute("aria-label"));
      assert.equal(at, "United States: 3 visitors");
      // The overview's own arrow keys step through periods.
      assert.ok(page.url().includes("period=7d"), "the arrows belong to the map");
      assert.deepEqual(await findings(page), []);
      await page.keyboard.press("Enter");
      await filteredBy(page, "US");
    },
  },
];
