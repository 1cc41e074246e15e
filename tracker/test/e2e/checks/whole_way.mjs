import assert from "node:assert/strict";
import { Server } from "../support/server.mjs";
import { html, sleep } from "../support/site.mjs";

/** From a click to a number: the real server, its script and its reports. */
const whole = (name, act) => ({
  name,
  async run({ page, collector }) {
    const server = await Server.start();
    try {
      await act({ page, collector, server });
    } catch (error) {
      throw new Error(`${error.stack}\n--- server ---\n${server.log.slice(-3000)}`);
    } finally {
      await server.stop();
    }
  },
});

const tracked = (page) => page.waitForFunction(() => typeof window.clew?.track === "function");

const checks = [
  whole("N visits to the demo shop are exactly N page views", async ({ page, server }) => {
    const stops = ["", "products", "products/lantern", "contact", "cart", "products/chalk"];
    let expected = 0;
    for (let round = 0; round < 4; round++) {
      for (const stop of stops) {
        await page.goto(`${server.origin}/demo/${stop}?utm_source=test&token=${round}`);
        await tracked(page);
        expected++;
      }
    }
    await page.reload();
    await tracked(page);
    expected++;
    await page.goto(`${server.origin}/demo/?spa=1`);
    await tracked(page);
    expected++;
    for (const link of ["products", "contact", "cart"]) {
      await page.click(`nav a[href^="/demo/${link}"]`);
      await page.waitForFunction((path) => location.pathname === path, `/demo/${link}`);
      expected++;
    }
    await page.goto("about:blank");
    assert.equal(await server.pageviews("demo", expected), expected);
    const { totals } = await server.report("overview", { site: "demo" });
    assert.equal(totals.visitors, 1);
    assert.equal(totals.visits, 1);
    const pages = await server.report("breakdown", { site: "demo", dimension: "page" });
    const products = pages.rows.find((row) => row.value === "/demo/products");
    assert.equal(products.pageviews, 5);
    const sources = await server.report("breakdown", { site: "demo", dimension: "source" });
    assert.equal(sources.rows[0].value, "test");
  }),
  whole("another site's pages report across origins", async ({ page, collector, server }) => {
    const site = await server.admin("site", "create", "--name", "E2E", "--domain", "127.0.0.1");
    const attributes = { "site-id": site.id, consent: "granted" };
    const tag = html({ attributes }).replace("/c/standard.js", `${server.origin}/c.js`);
    for (const path of ["/a", "/b", "/c"]) {
      await page.goto(collector.page(path, tag));
      await tracked(page);
      await page.evaluate(() => window.clew("track", "clicked"));
    }
    await sleep(1500);
    await page.goto(collector.page("/empty", "<title>No tracker</title>"));
    assert.equal(await server.pageviews(site.id, 3), 3);
    const events = await server.report("breakdown", {
      site: site.id,
      dimension: "event",
      metrics: "events",
    });
    assert.equal(events.rows.find((row) => row.value === "clicked")?.events, 3);
  }),
];

export default process.env.CLEW_BIN ? checks : [];
