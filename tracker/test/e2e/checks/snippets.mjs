import assert from "node:assert/strict";
import { Server } from "../support/server.mjs";
import { sleep } from "../support/site.mjs";
import { noteWrites, storageOf } from "../support/traffic.mjs";

/** Every family's snippet in the demo shop, against the real server: the same visit is the same
 *  numbers, whoever's script reported it. */
const FAMILIES = ["clew", "pixel", "client", "collector", "pulse", "trackveil"];

/** What a visit of four pages and a sent form is in the reports. */
const VISIT = {
  totals: { visitors: 1, visits: 1, pageviews: 4, bounce_rate: 0 },
  entry_page: [["/demo/", 1]],
  page: [
    ["/demo/", 1],
    ["/demo/contact", 1],
    ["/demo/products", 1],
    ["/demo/products/lantern", 1],
  ],
  source: [["newsletter", 1]],
  own: ["add_to_cart", "contact_sent", "contact_started"],
};

const AUTO = ["click", "form_focus", "form_start", "form_submit", "pageview", "scroll"];

const check = (family) => ({
  name: `snippet ${family}: a visit to the demo shop is that visit in the reports`,
  alone: true,
  async run({ page, context }) {
    const server = await Server.start();
    try {
      // Statistics leave bots out, and a steered browser says that it is one.
      await page.addInitScript(() => {
        Object.defineProperty(Navigator.prototype, "webdriver", { get: () => false });
      });
      await page.addInitScript(noteWrites);
      await shop(page, `${server.origin}/demo/?family=${family}&utm_source=newsletter`);
      const kept = await storageOf(page);
      // The shop keeps its cart in the tab; the tracker, unasked, keeps nothing.
      const ours = kept.writes.concat(kept.left).filter((one) => !/demo_/.test(one));
      assert.deepEqual(ours, []);
      assert.deepEqual(await context.cookies(), []);
      await page.goto("about:blank");
      assert.equal(await server.pageviews("demo", 4), 4);
      assert.deepEqual(await figures(server), VISIT);
      await sameEvents(server, family);
    } catch (error) {
      throw new Error(`${error.stack}\n--- server ---\n${server.log.slice(-2000)}`);
    } finally {
      await server.stop();
    }
  },
});

async function shop(page, address) {
  // A click returns while the page before it is still there, and its tracker with it. The shop's own
  // script hands the family on to its links when it has wired everything else.
  const ready = (path) =>
    page.waitForFunction(
      (path) =>
        location.pathname === path &&
        typeof window.clew?.track === "function" &&
        document.querySelector('nav a[href*="family="]'),
      path,
    );
  await page.goto(address);
  await ready("/demo/");
  await page.click('nav a[href^="/demo/products"]');
  await ready("/demo/products");
  await page.click('a[href^="/demo/products/lantern"]');
  await ready("/demo/products/lantern");
  await page.click("[data-add]");
  await page.setViewportSize({ width: 800, height: 300 });
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await sleep(300);
  await page.click('nav a[href^="/demo/contact"]');
  await ready("/demo/contact");
  await page.fill("[name=name]", "Ada Lovelace");
  await page.fill("[name=email]", "ada@example.com");
  await page.fill("[name=message]", "I am lost.");
  await page.click("#contact button");
  await sleep(300);
}

async function figures(server) {
  const breakdown = async (dimension, metric, more) => {
    const report = await server.report("breakdown", { site: "demo", dimension, ...more });
    return report.rows.map((row) => [row.value, row[metric]]).sort();
  };
  const { totals } = await server.report("overview", { site: "demo" });
  const events = await breakdown("event", "events", { metrics: "events" });
  const shops = ["add_to_cart", "contact_sent", "contact_started"];
  return {
    totals: Object.fromEntries(Object.keys(VISIT.totals).map((name) => [name, totals[name]])),
    entry_page: await breakdown("entry_page", "visits"),
    page: await breakdown("page", "pageviews"),
    source: await breakdown("source", "visits"),
    own: events.map(([name]) => name).filter((name) => shops.includes(name)),
  };
}

/** Events of every kind arrived, for the demo site. */
async function sameEvents(server, family) {
  const headers = { Authorization: `Bearer ${server.key}` };
  const { events } = await (
    await fetch(`${server.origin}/v1/events?site=demo&limit=500`, { headers })
  ).json();
  const demo = await (await fetch(`${server.origin}/v1/sites/demo`, { headers })).json();
  assert.deepEqual([...new Set(events.map(({ clientId }) => clientId))], [demo.siteId ?? demo.id]);
  const types = new Set(events.map(({ eventType }) => eventType));
  const expected = family === "clew" ? ["pageview"] : AUTO;
  for (const type of expected) assert.ok(types.has(type), `no ${type} among ${[...types]}`);
  if (family === "clew") return;
  const of = (type) => events.find(({ eventType }) => eventType === type).payload;
  const click = events.find(
    ({ eventType, payload }) => eventType === "click" && payload.text === "Products",
  );
  assert.ok(click, JSON.stringify(events.filter(({ eventType }) => eventType === "click")));
  assert.equal(of("form_submit").fields, "name,email,topic,message");
  for (const event of events.filter(({ eventType }) => eventType !== "form_submit"))
    assert.ok(!JSON.stringify(event).includes("ada@example.com"));
}

export default process.env.CLEW_BIN ? FAMILIES.map(check) : [];
