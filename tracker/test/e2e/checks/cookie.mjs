import assert from "node:assert/strict";
import { configured, setHidden, sleep, stored } from "../support/site.mjs";

/** Cookie mode: the id is in a cookie of the server's, which no script sees. */
const CONFIG = { storage: "cookie", consent: "granted" };
const COOKIE = "_clew=019a0000-0000-7aaa-8aaa-aaaaaaaaaaaa; HttpOnly; SameSite=Lax; Path=/";

async function visit({ page, collector }, config = {}) {
  collector.answer = () => ({
    status: 200,
    headers: {
      "Set-Cookie": COOKIE,
      "Access-Control-Allow-Origin": collector.origin,
      "Access-Control-Allow-Credentials": "true",
    },
  });
  await page.goto(collector.page("/a", configured({ ...CONFIG, ...config })));
  await collector.until("the view", () => collector.events.length > 0);
}

export default [
  {
    name: "cookie mode: the page keeps and sends no id of its own, the cookie goes along",
    async run(world) {
      const { page, collector } = world;
      await visit(world);
      await page.evaluate(() => window.clew("identify", "user-1"));
      await collector.until("identify", () => collector.ofType("identify").length > 0);
      const { body, cookie } = collector.requests.at(-1);
      assert.match(cookie, /_clew=019a/);
      assert.equal(body.visitor_id, undefined);
      assert.equal(body.user_id, "user-1");
      assert.deepEqual(await stored(page), { local: {}, session: {}, cookie: "" });
    },
  },
  {
    name: "cookie mode: the cookie goes along to another host of the domain, leaving included",
    async run(world) {
      const { page, collector } = world;
      // Ports are other origins but the same site, as stats.a.example is to www.a.example.
      const { Collector } = await import("../support/collector.mjs");
      const stats = await Collector.start();
      try {
        stats.answer = () => ({
          status: 200,
          headers: {
            "Set-Cookie": COOKIE,
            "Access-Control-Allow-Origin": collector.origin,
            "Access-Control-Allow-Credentials": "true",
          },
        });
        const config = { ...CONFIG, api: stats.origin };
        await page.goto(collector.page("/a", configured(config, { api: stats.origin })));
        await stats.until("the view", () => stats.events.length > 0);
        await sleep(200);
        await page.evaluate(() => window.clew("track", "last"));
        await setHidden(page, true);
        await stats.until("the last", () => stats.counted.some((event) => event.name === "last"));
        assert.match(stats.requests.at(-1).cookie, /_clew=019a/);
        assert.equal(stats.preflights, 0);
      } finally {
        await stats.stop();
      }
    },
  },
  {
    name: "cookie mode: a withdrawal is the last thing the server hears under denied=silent",
    async run(world) {
      const { page, collector } = world;
      await visit(world, { denied: "silent" });
      await sleep(200);
      collector.requests = [];
      await page.evaluate(() => window.clew("consent", "denied"));
      await page.evaluate(() => window.clew("track", "nothing"));
      await sleep(1500);
      await page.goto(collector.page("/empty", "<title>No tracker</title>"));
      await sleep(300);
      assert.equal(collector.requests.length, 1);
      const { body, cookie } = collector.requests[0];
      assert.match(cookie, /_clew=/);
      assert.deepEqual(body.events, []);
      assert.equal(body.consent.analytics, false);
    },
  },
];
