import assert from "node:assert/strict";
import { configured, sleep, stored } from "../support/site.mjs";

const CONFIG = { features: "link", domains: ["localhost"], consent: "granted" };
const VISITOR = "019a0000-0000-7aaa-8aaa-aaaaaaaaaaaa";
/** Until the reply that the collector has given is in the page. */
const settled = () => sleep(400);

/** The same server under its other name: another origin, with a storage of its own. */
const other = (collector) => collector.origin.replace("127.0.0.1", "localhost");
const kept = async (page) => JSON.parse((await stored(page)).local.clew ?? "{}").visitor_id;

async function leave({ page, collector }, config, body, act) {
  collector.page("/b", configured({ ...CONFIG, ...config }));
  await page.goto(collector.page("/a", configured({ ...CONFIG, ...config }, { body })));
  await collector.until("the view", () => collector.events.length > 0);
  const id = await kept(page);
  if (config.consent !== "denied") await collector.until("a token", () => collector.links.length);
  await settled();
  collector.requests = [];
  await act(page);
  await page.waitForFunction(() => location.pathname === "/b");
  await collector.until("the next view", () => collector.ofType("pageview").length > 0);
  return id;
}

const carried = (how, body, act) => ({
  name: `linker: the visitor goes along ${how}`,
  async run(world) {
    const { page, collector } = world;
    const id = await leave(world, {}, body(other(collector)), act);
    assert.ok(id);
    assert.equal(new URL(page.url()).hostname, "localhost");
    assert.ok(!page.url().includes("_clew"), page.url());
    for (const { text, body } of collector.requests) {
      assert.equal(body.visitor_id, id);
      assert.ok(!text.includes("_clew"));
    }
    assert.equal(await kept(page), id);
  },
});

/** Somebody arrives with a token that brings nothing. */
const ignored = (why, token, config, asks) => ({
  name: `linker: ${why}`,
  async run({ page, collector }) {
    const address = collector.page("/b", configured({ ...CONFIG, ...config, query: ".*" }));
    await page.goto(`${address}?x=1&_clew=${token}&y=2#top`);
    await collector.until("the view", () => collector.ofType("pageview").length > 0);
    await sleep(300);
    assert.equal(page.url(), `${address}?x=1&y=2#top`);
    assert.equal(collector.ofType("pageview").length, 1);
    assert.equal(collector.ofType("pageview")[0].url, `${address}?x=1&y=2`);
    assert.notEqual(collector.requests[0].body.visitor_id, VISITOR);
    assert.notEqual(await kept(page), VISITOR);
    assert.equal(collector.links.length > 0, asks);
  },
});

export default [
  carried(
    "with a click",
    (to) => `<a id="go" href="${to}/b?x=1">over</a>`,
    (page) => page.click("#go"),
  ),
  carried(
    "with the Enter key",
    (to) => `<a id="go" href="${to}/b">over</a>`,
    async (page) => {
      await page.focus("#go");
      await page.keyboard.press("Enter");
    },
  ),
  carried(
    "with a form",
    (to) => `<form action="${to}/b"><input name="q" value="1"><button id="go">over</button></form>`,
    (page) => page.click("#go"),
  ),
  {
    name: "linker: the middle button's new tab gets the token too",
    async run({ page, context, collector }) {
      collector.page("/b", configured(CONFIG));
      const body = `<a id="go" href="${other(collector)}/b">over</a>`;
      await page.goto(collector.page("/a", configured(CONFIG, { body })));
      await collector.until("a token", () => collector.links.length > 0);
      await settled();
      const id = await kept(page);
      collector.requests = [];
      const opened = context.waitForEvent("page");
      await page.click("#go", { button: "middle" });
      const tab = await opened;
      await collector.until("the view", () => collector.ofType("pageview").length > 0);
      assert.equal(await kept(tab), id);
    },
  },
  {
    name: "linker: after a refusal nothing is asked for, nothing is carried",
    async run(world) {
      const { page, collector } = world;
      const link = `<a id="go" href="${other(collector)}/b">over</a>`;
      await leave(world, { consent: "denied" }, link, (tab) => tab.click("#go"));
      assert.equal(collector.links.length, 0);
      assert.equal(await kept(page), undefined);
    },
  },
  {
    name: "linker: links elsewhere stay as they are",
    async run({ page, collector }) {
      const body = '<a id="x" href="https://elsewhere.test/p">x</a><a id="y" href="/b">y</a>';
      await page.goto(collector.page("/a", configured(CONFIG, { body })));
      await collector.until("the view", () => collector.events.length > 0);
      for (const link of ["#x", "#y"]) await page.dispatchEvent(link, "mousedown");
      assert.equal(await page.getAttribute("#x", "href"), "https://elsewhere.test/p");
      assert.equal(await page.getAttribute("#y", "href"), "/b");
      assert.equal(collector.links.length, 0);
    },
  },
  ignored("a forged or expired token is ignored", `${VISITOR}.t0.forged`, {}, true),
  ignored("a good token is ignored without consent", `${VISITOR}.t0.good`, { consent: "" }, false),
  ignored(
    "a good token is ignored after a refusal",
    `${VISITOR}.t0.good`,
    { consent: "denied" },
    false,
  ),
];
