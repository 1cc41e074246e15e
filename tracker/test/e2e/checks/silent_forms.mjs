import assert from "node:assert/strict";
import { launch } from "../support/browsers.mjs";
import { FORM, fillIn, TYPED, tagOf } from "../support/families.mjs";
import { Server } from "../support/server.mjs";
import { sleep, stored } from "../support/site.mjs";

/** Forms that are sent where nobody may be measured: they go by themselves and tell of nobody;
 *  nothing else goes, and nothing is stored. CONTRACTS "Privacy profile × consent". */
const LEAD = {
  first_name: TYPED.first_name,
  last_name: TYPED.last_name,
  email: TYPED.email,
  phone: TYPED.phone,
  message: "Call me, my card is [REDACTED]",
};

const SILENT = { denied: "silent", gpc: "silent", capture: "partial" };

/** Ways into silence: settings of the site, what happens before the form is sent. */
const WAYS = {
  "after a refusal": {
    config: SILENT,
    before: (page) => page.evaluate(() => window.clew("consent", "denied")),
  },
  "after a withdrawal": {
    config: { ...SILENT, consent: "granted" },
    before: (page) => page.evaluate(() => window.clew("consent", "denied")),
  },
  "before an answer": { config: { ...SILENT, consent: "pending" } },
  "where nobody was asked": { config: { ...SILENT, unknown: "silent" } },
  "under the browser's signal": { config: SILENT, signal: true },
  "after opting out": {
    config: SILENT,
    before: (page) =>
      page.evaluate(() => {
        localStorage.setItem("clew_off", "1");
        window.clew("consent", "granted");
      }),
  },
};

const documentOf = (tag) =>
  `<!doctype html><html><head><title>A page</title>${tag}</head><body>${FORM}</body></html>`;

async function open({ page, collector }, name, { config, before }) {
  const settings = { siteId: "found", batch: 50, ...config };
  const tag = tagOf(collector, name, { config: settings });
  await page.goto(`${collector.page("/a", documentOf(tag))}?gclid=1&utm_source=x`);
  await page.waitForFunction(() => typeof window.clew?.track === "function");
  if (before) await before(page);
  await sleep(700);
  collector.requests = [];
}

/** Fills in the form, sends it and goes away. */
async function send({ page, collector }) {
  await page.evaluate(() => window.clew("track", "pressed"));
  await fillIn(page);
  await page.click("#go");
  await sleep(900);
  const kept = await stored(page);
  await page.goto(collector.page("/empty", "<title>No tracker</title>"));
  await sleep(400);
  return kept;
}

function isBare({ body, cookie }) {
  const { webdriver, ...rest } = body;
  // That a program sends it says who does not; the browsers of these checks are driven by one.
  assert.equal(webdriver, true);
  assert.deepEqual(Object.keys(rest), ["site_id", "sent_at", "consent", "silent", "events"]);
  assert.deepEqual([body.silent, cookie], [true, undefined]);
  for (const { id, t, ...rest } of body.events) {
    assert.ok(id && t);
    const form = { form_id: "signup" };
    assert.deepEqual(rest, { type: "form_submit", ...form, fields: LEAD, props: form });
  }
}

const check = (name, way) => ({
  name: `silent forms, family ${name}: ${way}`,
  async run({ browser, browserName, collector }) {
    const { signal, ...settings } = WAYS[way];
    const own = signal ? await launch(browserName, { gpc: true }) : undefined;
    const context = await (own?.browser ?? browser).newContext();
    try {
      const page = await context.newPage();
      await open({ page, collector }, name, settings);
      const kept = await send({ page, collector });
      const forms = collector.ofType("form_submit");
      assert.equal(forms.length, 1, JSON.stringify(collector.requests));
      assert.equal(collector.counted.length, 1, "the form and nothing else");
      for (const request of collector.requests) isBare(request);
      assert.deepEqual(kept.local, way === "after opting out" ? { clew_off: "1" } : {});
    } finally {
      await context.close();
      await own?.close();
    }
  },
});

const checks = ["client", "pulse"].flatMap((name) =>
  Object.keys(WAYS).map((way) => check(name, way)),
);

checks.push({
  name: "silent forms: none under exempt",
  async run(world) {
    const config = { ...SILENT, capture: "names" };
    await open(world, "client", { ...WAYS["after a refusal"], config });
    await send(world);
    assert.equal(world.collector.requests.length, 0);
  },
});

checks.push({
  name: "silent forms: one that waits is not lost by an answer, and goes whole after an agreement",
  async run(world) {
    const { page, collector } = world;
    const config = { ...SILENT, consent: "pending", flush: 60_000 };
    await open(world, "client", { config });
    await fillIn(page);
    await page.click("#go");
    await page.evaluate(() => window.clew("consent", "granted"));
    await page.evaluate(() => window.clew("flush"));
    await collector.until("the form", () => collector.ofType("form_submit").length > 0);
    const [form] = collector.ofType("form_submit");
    assert.deepEqual([form.fields, form.url], [LEAD, `${collector.origin}/a?gclid=1&utm_source=x`]);
    assert.ok(collector.requests[0].body.visitor_id);
  },
});

/** The whole way: a form before an answer; what the server has of it. */
const wholeWay = {
  name: "silent forms: the server keeps them by themselves",
  async run({ page, collector }) {
    const server = await Server.start();
    try {
      const site = await server.admin("site", "create", "--name", "S", "--domain", "127.0.0.1");
      await server.change(site.id, { profile: "gdpr", settings: { consentRequired: true } });
      collector.forwardTo(server.origin);
      await page.addInitScript(() => {
        Object.defineProperty(navigator, "webdriver", { get: () => false });
      });
      await open({ page, collector }, "client", {
        config: { siteId: site.id, ...SILENT, consent: "pending" },
      });
      await send({ page, collector });
      assert.equal(collector.requests.length, 1);
      const { status, reply } = collector.requests[0];
      const answer = JSON.parse(reply);
      assert.deepEqual([status, answer.not_counted], [200, [{ i: 0, reason: "consent_pending" }]]);
      let events = [];
      for (const end = Date.now() + 15_000; !events.length && Date.now() < end; await sleep(200)) {
        const headers = { Authorization: `Bearer ${server.key}` };
        const got = await fetch(`${server.origin}/v1/events?site=${site.id}`, { headers });
        events = got.ok ? (await got.json()).events : [];
      }
      assert.deepEqual([events.length, events[0].visitorId, events[0].url], [1, null, ""]);
      assert.equal(events[0].metadata.set_apart, "silent");
    } finally {
      await server.stop();
    }
  },
};

export default process.env.CLEW_BIN ? [...checks, wholeWay] : checks;
