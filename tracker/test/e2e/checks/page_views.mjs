import assert from "node:assert/strict";
import { html, sleep } from "../support/site.mjs";

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const paths = (collector) => collector.ofType("pageview").map((view) => new URL(view.url).pathname);

async function spa({ page, collector }, attributes = {}) {
  await page.goto(collector.page("/a", html({ attributes })));
  await collector.until("the first view", () => collector.ofType("pageview").length === 1);
}

const push = (page, address, how = "pushState") =>
  page.evaluate(([to, call]) => history[call](null, "", to), [address, how]);

export default [
  {
    name: "a load is one page view that says where, when and on what",
    async run({ page, collector }) {
      const url = collector.page("/a", html({ title: "First" }));
      await page.goto(url, { referer: "https://search.test/" });
      await collector.until("the view", () => collector.events.length);
      await sleep(600);
      assert.equal(collector.events.length, 1);
      const { body } = collector.requests[0];
      const [view] = body.events;
      assert.equal(body.site_id, "site-1");
      assert.match(view.id, UUID_V7);
      assert.equal(view.type, "pageview");
      assert.equal(view.url, url);
      assert.equal(view.title, "First");
      assert.equal(view.seq, 1);
      assert.ok(view.t <= body.sent_at && body.sent_at - view.t < 5000);
      assert.match(body.screen, /^\d+x\d+$/);
      assert.match(body.viewport, /^\d+x\d+$/);
      assert.match(body.tz, /^[A-Z]/);
      assert.deepEqual(body.consent, {});
      assert.equal(body.visitor_id, undefined);
    },
  },
  {
    name: "every history entry with another address is one view",
    async run(world) {
      await spa(world);
      for (const path of ["/b", "/c", "/d"]) await push(world.page, path);
      await push(world.page, "/d");
      await push(world.page, "/d?tab=2");
      await push(world.page, "/d#part");
      await push(world.page, "/e", "replaceState");
      await world.collector.until("five views", () => paths(world.collector).length >= 5);
      await sleep(500);
      assert.deepEqual(paths(world.collector), ["/a", "/b", "/c", "/d", "/e"]);
      const views = world.collector.ofType("pageview");
      assert.equal(views[1].referrer, views[0].url);
    },
  },
  {
    name: "back and forward within a document are views",
    async run(world) {
      await spa(world);
      await push(world.page, "/b");
      await world.page.evaluate(() => history.back());
      await world.page.waitForFunction(() => location.pathname === "/a");
      await world.page.evaluate(() => history.forward());
      await world.page.waitForFunction(() => location.pathname === "/b");
      await world.collector.until("four views", () => paths(world.collector).length >= 4);
      assert.deepEqual(paths(world.collector), ["/a", "/b", "/a", "/b"]);
    },
  },
  {
    name: "without the Navigation API the history calls are watched",
    async run(world) {
      await world.page.addInitScript(() => {
        Object.defineProperty(window, "navigation", { value: undefined });
      });
      await spa(world);
      await push(world.page, "/b");
      await push(world.page, "/c", "replaceState");
      await world.page.evaluate(() => history.back());
      await world.collector.until("four views", () => paths(world.collector).length >= 4);
      assert.deepEqual(paths(world.collector), ["/a", "/b", "/c", "/a"]);
    },
  },
  {
    name: "fragments are pages only with hash routing",
    async run(world) {
      await spa(world, { hash: "true" });
      await world.page.evaluate(() => {
        location.hash = "#/cart";
      });
      await world.collector.until("two views", () => paths(world.collector).length >= 2);
      assert.match(world.collector.ofType("pageview")[1].url, /\/a#\/cart$/);
    },
  },
  {
    name: "a title that comes after the address belongs to its own page",
    async run(world) {
      await spa(world);
      await push(world.page, "/b");
      await sleep(120);
      await world.page.evaluate(() => {
        document.title = "Late B";
      });
      await push(world.page, "/c");
      await sleep(120);
      await world.page.evaluate(() => {
        document.title = "Late C";
      });
      await world.collector.until("three views", () => paths(world.collector).length >= 3);
      const titles = world.collector.ofType("pageview").map((view) => view.title);
      assert.deepEqual(titles, ["A page", "Late B", "Late C"]);
    },
  },
  {
    name: "the address is cleaned before it leaves the browser",
    async run({ page, collector }) {
      collector.page("/a", html());
      await page.goto(`${collector.origin}/a?token=s3cret&utm_source=news&gclid=G1&mail=a@b.c#x`);
      await collector.until("the view", () => collector.events.length);
      assert.equal(collector.events[0].url, `${collector.origin}/a?utm_source=news&gclid=G1`);
      assert.ok(!collector.requests[0].text.includes("s3cret"));
    },
  },
  {
    name: "a reload is a view, and the tag twice in a page is still one",
    async run({ page, collector }) {
      const twice = html({ body: '<script async src="/c/standard.js" data-site-id="s"></script>' });
      await page.goto(collector.page("/a", twice));
      await collector.until("the view", () => collector.ofType("pageview").length === 1);
      await sleep(1500);
      assert.equal(collector.ofType("pageview").length, 1);
      await page.reload();
      await collector.until("the second", () => collector.ofType("pageview").length === 2);
    },
  },
  {
    name: "a focus event in the middle of taking a view makes no second one",
    async run({ page, collector }) {
      // Firefox fires a waiting focus event when a script reads the layout.
      await page.addInitScript(() => {
        let fired = false;
        document.hasFocus = () => {
          if (!fired) {
            fired = true;
            window.dispatchEvent(new Event("focus"));
          }
          return true;
        };
      });
      await page.goto(collector.page("/a", html()));
      await collector.until("the view", () => paths(collector).length > 0);
      await sleep(500);
      assert.deepEqual(paths(collector), ["/a"]);
    },
  },
  {
    name: "back from the bfcache is a view",
    async run({ page, collector, browserName }) {
      const note = "<script>addEventListener('pageshow',e=>{window.cached=e.persisted})</script>";
      const first = collector.page("/a", html({ head: note }));
      await page.goto(first);
      await collector.until("the view", () => paths(collector).length === 1);
      await page.goto(collector.page("/b", html()));
      await collector.until("the second", () => paths(collector).length === 2);
      await page.evaluate(() => history.back());
      await collector.until("the third", () => paths(collector).length === 3);
      await sleep(500);
      assert.deepEqual(paths(collector), ["/a", "/b", "/a"]);
      if (browserName === "chromium") assert.equal(await page.evaluate("window.cached"), true);
    },
  },
  {
    name: "a prerendered page counts when it is shown",
    only: "chromium",
    async run({ page, collector }) {
      const rules = JSON.stringify({ prerender: [{ source: "list", urls: ["/next"] }] });
      const head = `<script type="speculationrules">${rules}</script>`;
      let fetched = 0;
      collector.page("/next", html({ title: "Next" }), {
        get "X-Seen"() {
          fetched++;
          return "yes";
        },
      });
      await page.goto(collector.page("/a", html({ head, body: '<a id="go" href="/next">go</a>' })));
      await collector.until("the prerendering", () => fetched > 0);
      await sleep(2500);
      assert.deepEqual(paths(collector), ["/a"]);
      await page.click("#go");
      await collector.until("the view", () => paths(collector).length === 2);
      assert.equal(fetched, 1, "the page was loaded anew instead of being activated");
    },
  },
  {
    name: "in manual mode only page() counts, the bfcache included",
    async run({ page, collector }) {
      await page.goto(collector.page("/a", html({ attributes: { auto: "false" } })));
      await page.waitForFunction(() => typeof window.clew.track === "function");
      await push(page, "/b");
      await sleep(1300);
      assert.equal(collector.events.length, 0);
      await page.evaluate(() => window.clew("page", { section: "news" }));
      await collector.until("the view", () => paths(collector).length === 1);
      assert.deepEqual(collector.events[0].props, { section: "news" });
      await page.goto(collector.page("/c", "<title>No tracker</title>"));
      await page.evaluate(() => history.back());
      await page.waitForFunction(() => location.pathname === "/b");
      await sleep(1300);
      assert.equal(paths(collector).length, 1);
    },
  },
];
