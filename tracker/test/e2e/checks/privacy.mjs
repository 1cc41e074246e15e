import assert from "node:assert/strict";
import { html, sleep, stored } from "../support/site.mjs";

const NOTHING = { local: {}, session: {}, cookie: "" };

const consent = (page, state) => page.evaluate((value) => window.clew("consent", value), state);
const track = (page, name) => page.evaluate((event) => window.clew("track", event), name);
const ready = (page) => page.waitForFunction(() => typeof window.clew.track === "function");

/** Counts every write to storage, even one that is taken back. */
const watchWrites = (page) =>
  page.addInitScript(() => {
    window.writes = [];
    const setItem = Storage.prototype.setItem;
    Storage.prototype.setItem = function (key, value) {
      window.writes.push(key);
      return setItem.call(this, key, value);
    };
  });

async function visit({ page, collector }, attributes, variant) {
  await watchWrites(page);
  await page.goto(collector.page("/a", html({ attributes, variant })));
  await ready(page);
}

async function silentCheck(world, attributes, act) {
  const { page, collector } = world;
  await visit(world, attributes);
  if (act) await act(page);
  await track(page, "nothing");
  await sleep(1500);
  await page.goto(collector.page("/empty", "<title>No tracker</title>"));
  await sleep(300);
  assert.equal(collector.requests.length, 0);
  assert.deepEqual(await stored(page), NOTHING);
}

const withGpc = (page) =>
  page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, "globalPrivacyControl", { get: () => true });
  });

export default [
  {
    name: "pending: nothing is sent or stored, leaving included",
    run: (world) => silentCheck(world, { consent: "pending" }),
  },
  {
    name: "denied and silent: nothing is sent or stored",
    run: (world) => silentCheck(world, { consent: "denied", denied: "silent" }),
  },
  {
    name: "refusing while pending drops what waited",
    run: (world) =>
      silentCheck(world, { consent: "pending", denied: "silent" }, (page) =>
        consent(page, "denied"),
      ),
  },
  {
    name: "granting while pending sends what waited, in order",
    async run(world) {
      const { page, collector } = world;
      await visit(world, { consent: "pending" });
      await track(page, "early");
      await sleep(1200);
      assert.equal(collector.requests.length, 0);
      assert.deepEqual(await page.evaluate("window.writes"), []);
      await consent(page, "granted");
      await collector.until("both", () => collector.counted.length >= 2);
      const [request] = collector.requests;
      assert.deepEqual(
        request.body.events.map((event) => event.type),
        ["pageview", "custom"],
      );
      assert.match(request.body.visitor_id, /-7/);
      assert.equal(request.body.consent.analytics, true);
    },
  },
  {
    name: "unknown: counted without ids and without storage",
    async run(world) {
      const { page, collector } = world;
      await visit(world, {});
      await collector.until("the view", () => collector.events.length);
      assert.equal(collector.requests[0].body.visitor_id, undefined);
      assert.deepEqual(await page.evaluate("window.writes"), []);
      assert.deepEqual(await stored(page), NOTHING);
    },
  },
  {
    name: "denied: counted without ids, and the answer goes along",
    async run(world) {
      const { page, collector } = world;
      await visit(world, { consent: "denied" });
      await collector.until("the view", () => collector.events.length);
      const { body } = collector.requests[0];
      assert.equal(body.visitor_id, undefined);
      const no = { analytics: false, marketing: false, replay: false, partial: false };
      assert.deepEqual(body.consent, no);
      assert.deepEqual(await page.evaluate("window.writes"), []);
    },
  },
  {
    name: "granted: the visitor and the answer are remembered, withdrawing erases them",
    async run(world) {
      const { page, collector } = world;
      await visit(world, {});
      await consent(page, { analytics: true, marketing: false });
      await collector.until("the view", () => collector.events.length);
      const first = collector.requests[0].body;
      assert.deepEqual(first.consent, { analytics: true, marketing: false });
      collector.requests = [];
      await page.goto(`${collector.origin}/a`);
      await collector.until("the next view", () => collector.ofType("pageview").length);
      const second = collector.requests.at(-1).body;
      assert.equal(second.visitor_id, first.visitor_id);
      assert.deepEqual(second.consent, first.consent);
      await ready(page);
      await consent(page, "denied");
      assert.deepEqual(await stored(page), NOTHING);
      await track(page, "after");
      await collector.until("the event", () =>
        collector.events.some((one) => one.name === "after"),
      );
      assert.equal(collector.requests.at(-1).body.visitor_id, undefined);
    },
  },
  {
    name: "storage none: granted, and still nothing kept",
    async run(world) {
      const { page, collector } = world;
      await visit(world, { consent: "granted", storage: "none" });
      await collector.until("the view", () => collector.events.length);
      assert.equal(collector.requests[0].body.visitor_id, undefined);
      assert.deepEqual(await page.evaluate("window.writes"), []);
    },
  },
  {
    name: "storage session: the id lives in the tab only",
    async run(world) {
      const { page, collector } = world;
      await visit(world, { consent: "granted", storage: "session" });
      await collector.until("the view", () => collector.events.length);
      const kept = await stored(page);
      assert.deepEqual(kept.local, {});
      const { visitor_id } = JSON.parse(kept.session.clew);
      assert.equal(collector.requests[0].body.visitor_id, visitor_id);
    },
  },
  {
    name: "a browser that blocks storage is counted like storage none",
    async run(world) {
      const { page, collector } = world;
      await page.addInitScript(() => {
        Object.defineProperty(window, "localStorage", {
          get() {
            throw new DOMException("blocked", "SecurityError");
          },
        });
      });
      await page.goto(collector.page("/a", html({ attributes: { consent: "granted" } })));
      await collector.until("the view", () => collector.events.length);
      assert.equal(collector.requests[0].body.visitor_id, undefined);
    },
  },
  {
    name: "the cookieless core asks storage for the opt-out marker and nothing else",
    async run(world) {
      const { page, collector } = world;
      await page.addInitScript(() => {
        window.touched = [];
        for (const name of ["localStorage", "sessionStorage"]) {
          const area = new Proxy(
            {},
            {
              get: (_, method) => (key) => {
                window.touched.push(`${name}.${String(method)} ${key}`);
                return null;
              },
            },
          );
          Object.defineProperty(window, name, { get: () => area });
        }
      });
      const attributes = { consent: "granted" };
      await page.goto(collector.page("/a", html({ attributes, variant: "cookieless" })));
      await collector.until("the view", () => collector.events.length);
      assert.deepEqual(await page.evaluate("window.touched"), ["localStorage.getItem clew_off"]);
      assert.equal(collector.requests[0].body.visitor_id, undefined);
    },
  },
  {
    name: "GPC withdraws marketing and replay from the first request on",
    async run(world) {
      const { page, collector } = world;
      await withGpc(page);
      await visit(world, {});
      await consent(page, "granted");
      await collector.until("the view", () => collector.events.length);
      for (const { body } of collector.requests) {
        assert.equal(body.consent.marketing, false);
        assert.equal(body.consent.replay, false);
      }
      assert.equal(collector.requests[0].body.consent.analytics, true);
    },
  },
  {
    name: "GPC can be made to refuse everything",
    async run(world) {
      await withGpc(world.page);
      await silentCheck(world, { gpc: "deny", denied: "silent" }, (page) =>
        consent(page, "granted"),
      );
    },
  },
];
