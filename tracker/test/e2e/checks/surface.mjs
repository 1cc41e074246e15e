import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { html, sleep } from "../support/site.mjs";

const DIST = join(import.meta.dirname, "../../../dist");
const MANIFEST = JSON.parse(await readFile(join(DIST, "manifest.json"), "utf8"));
const STATS = MANIFEST.chunks.find((chunk) => chunk.name === "stats");

const view = (collector) =>
  collector.until("the view", () => collector.ofType("pageview").length > 0);
const named = (collector, name) => collector.counted.filter((event) => event.name === name);

/** A way to put the tag into a page: the page is counted, for the right site. */
const installed = (how, page) => ({
  name: `the script finds its settings: ${how}`,
  async run({ page: tab, collector }) {
    await tab.goto(collector.page("/a", `<title>T</title><body>${page}</body>`));
    await view(collector);
    assert.equal(collector.requests[0].body.site_id, "found");
  },
});

const inject = (settings) =>
  `<script>(function(){var s=document.createElement("script");s.src="/c/standard.js";${settings}` +
  "document.head.appendChild(s)})()</script>";

export default [
  installed("async", '<script async src="/c/standard.js" data-site-id="found"></script>'),
  installed("defer", '<script defer src="/c/standard.js" data-site-id="found"></script>'),
  installed("blocking", '<script src="/c/standard.js" data-site-id="found"></script>'),
  installed("module", '<script type="module" src="/c/standard.js" data-site-id="found"></script>'),
  installed("injected by a script", inject('s.dataset.siteId="found";')),
  installed(
    "a tag manager that strips attributes",
    `<script>window.ClewConfig={siteId:"found"}</script>${inject("")}`,
  ),
  installed(
    "among other people's scripts",
    `<script src="/c/none.js" data-site-id=""></script><script>var x=1</script>` +
      '<script async src="/c/standard.js" data-site-id="found"></script>',
  ),
  {
    name: "calls made before the script came are done in order, after the view",
    async run({ page, collector }) {
      const head = `<script>clew("set",{plan:"pro"});clew("track","one",{n:1});clew("track","two")</script>`;
      await page.goto(collector.page("/a", html({ head })));
      await collector.until("all", () => collector.counted.length === 3);
      assert.deepEqual(
        collector.counted.map((event) => event.name ?? event.type),
        ["pageview", "one", "two"],
      );
      assert.deepEqual(collector.counted[1].props, { plan: "pro", n: 1 });
      assert.deepEqual(collector.counted[0].props, { plan: "pro" });
    },
  },
  {
    name: "track returns the id it sends, and takes revenue and an id of the site's own",
    async run({ page, collector }) {
      await page.goto(collector.page("/a", html()));
      await view(collector);
      const id = await page.evaluate(() => window.clew.track("signup"));
      const revenue = { value: 49.9, currency: "EUR", id: "order-7" };
      await page.evaluate((one) => window.clew("track", "purchase", {}, one), revenue);
      await collector.until("both", () => named(collector, "purchase").length === 1);
      assert.equal(named(collector, "signup")[0].id, id);
      const [purchase] = named(collector, "purchase");
      assert.equal(purchase.id, "order-7");
      assert.equal(purchase.value, 49.9);
      assert.equal(purchase.currency, "EUR");
    },
  },
  {
    name: "identify names the user of what follows, also on the next page",
    async run({ page, collector }) {
      await page.goto(collector.page("/a", html({ attributes: { consent: "granted" } })));
      await view(collector);
      await page.evaluate(() => window.clew("identify", "u-7", { plan: "pro" }));
      await collector.until("the event", () => collector.ofType("identify").length === 1);
      assert.equal(collector.requests.at(-1).body.user_id, "u-7");
      assert.deepEqual(collector.ofType("identify")[0].props, { plan: "pro" });
      await page.goto(collector.page("/b", html()));
      await collector.until("the next", () => collector.ofType("pageview").length === 2);
      assert.equal(collector.requests.at(-1).body.user_id, "u-7");
    },
  },
  {
    name: "what cannot be sent fails at the caller and spoils nothing else",
    async run({ page, collector }) {
      await page.goto(collector.page("/a", html()));
      await view(collector);
      const threw = await page.evaluate(() => {
        const props = {};
        props.self = props;
        try {
          window.clew("track", "circular", props);
        } catch {
          return true;
        }
        return false;
      });
      assert.equal(threw, true);
      await page.evaluate(() => window.clew("track", "fine"));
      await collector.until("the next", () => named(collector, "fine").length === 1);
    },
  },
  {
    logsErrors: true,
    name: "a strict policy and Trusted Types are no obstacle",
    async run({ page, collector }) {
      const policy =
        "default-src 'none'; script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types clew";
      const config = { modules: { stats: { url: `/${STATS.file}`, integrity: STATS.integrity } } };
      collector.page("/a", strict(), { "Content-Security-Policy": policy });
      await page.addInitScript((value) => {
        window.ClewConfig = value;
        window.violations = [];
        document.addEventListener("securitypolicyviolation", (event) => {
          window.violations.push(`${event.violatedDirective} ${event.blockedURI}`);
        });
      }, config);
      await page.goto(`${collector.origin}/a`);
      await view(collector);
      await page.waitForFunction(() => typeof window.clew.getStats === "function");
      // A page without an icon makes Firefox ask for one, which the policy refuses.
      const ours = (await page.evaluate("window.violations")).filter(
        (one) => !/img|favicon/.test(one),
      );
      assert.deepEqual(ours, []);
    },
  },
  {
    logsErrors: true,
    name: "a policy that refuses our Trusted Types policy does not stop the core",
    async run({ page, collector }) {
      const policy = "script-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'";
      collector.page("/a", strict(), { "Content-Security-Policy": policy });
      await page.goto(`${collector.origin}/a`);
      await view(collector);
    },
  },
  {
    name: "the lazy module reports what became of events",
    async run({ page, collector }) {
      const module = { url: `/${STATS.file}`, integrity: STATS.integrity };
      await page.addInitScript((stats) => {
        window.ClewConfig = { modules: { stats } };
      }, module);
      const options = { variant: "loader", attributes: { features: "stats" } };
      await page.goto(collector.page("/a", html(options)));
      await view(collector);
      await page.waitForFunction(() => typeof window.clew.getStats === "function");
      collector.answer = () => ({ status: 400 });
      await page.evaluate(() => window.clew("track", "bad"));
      await collector.until("the refusal", () => named(collector, "bad").length === 1);
      await sleep(300);
      const stats = await page.evaluate(() => window.clew("getStats"));
      assert.equal(stats.events_sent, 1);
      assert.equal(stats.batches_sent, 1);
      assert.equal(stats.failed, 1);
      assert.equal(stats.events_queued, 0);
      assert.equal(stats.version, MANIFEST.version);
    },
  },
  {
    logsErrors: true,
    name: "a module that is not what the server stated is not run",
    async run({ page, collector }) {
      const module = { url: `/${STATS.file}`, integrity: `sha384-${"A".repeat(64)}` };
      await page.addInitScript((stats) => {
        window.ClewConfig = { modules: { stats } };
      }, module);
      const options = { variant: "loader", attributes: { features: "stats" } };
      await page.goto(collector.page("/a", html(options)));
      await view(collector);
      await sleep(500);
      assert.equal(await page.evaluate("typeof window.clew.getStats"), "undefined");
    },
  },
  {
    name: "reset begins another visitor and forgets the user",
    async run({ page, collector }) {
      const options = { variant: "loader", attributes: { consent: "granted" } };
      await page.goto(collector.page("/a", html(options)));
      await view(collector);
      await page.evaluate(() => {
        window.clew("identify", "u-7");
        window.clew("reset");
        window.clew("track", "after");
      });
      await collector.until("the event", () => named(collector, "after").length === 1);
      const before = collector.requests.find((one) => one.text.includes('"identify"')).body;
      const after = collector.requests.find((one) => one.text.includes('"after"')).body;
      assert.equal(before.user_id, "u-7");
      assert.equal(after.user_id, undefined);
      assert.notEqual(after.visitor_id, before.visitor_id);
    },
  },
];

/** A page without any inline script. */
function strict() {
  return (
    "<!doctype html><title>Strict</title>" +
    '<script async src="/c/loader.js" data-site-id="s" data-flush="300" data-features="stats"></script>'
  );
}
