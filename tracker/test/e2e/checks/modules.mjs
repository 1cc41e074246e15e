import assert from "node:assert/strict";
import { configured, sleep, stored } from "../support/site.mjs";

const ready = (page) => page.waitForFunction(() => typeof window.clew.track === "function");
const has = (page, verb) => page.waitForFunction((name) => window.clew[name], verb);
const fetched = (collector, name) => collector.scripts.some((file) => file.startsWith(`${name}.`));
const withGpc = (page) =>
  page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, "globalPrivacyControl", { get: () => true });
  });

const FP = { features: "consent", fingerprint: true };

/** The fingerprint module is not even fetched. */
const noFingerprint = (why, config, before) => ({
  name: `fingerprint: not fetched ${why}`,
  async run({ page, collector }) {
    if (why.includes("GPC")) await withGpc(page);
    await page.goto(collector.page("/a", configured({ ...FP, ...config })));
    await has(page, "optOut");
    if (before) await page.evaluate((state) => window.clew("consent", state), before);
    await collector.until("the view", () => collector.events.length > 0);
    await sleep(300);
    assert.ok(fetched(collector, "consent"));
    assert.ok(!fetched(collector, "fp"));
    assert.ok(collector.requests.every(({ body }) => !("fingerprint" in body)));
  },
});

export default [
  noFingerprint("while nobody was asked", {}),
  noFingerprint("after a refusal", {}, "denied"),
  noFingerprint("under unknown=store without a grant", { unknown: "store" }),
  noFingerprint("when the site has it switched off", { fingerprint: false, consent: "granted" }),
  noFingerprint("under GPC, granted or not", { consent: "granted" }),
  {
    name: "fingerprint: the same over reloads and after everything was cleared, and not stored",
    async run({ page, context, collector }) {
      const seen = [];
      const address = collector.page("/a", configured({ ...FP, consent: "granted" }));
      for (const round of [0, 1, 2]) {
        collector.requests = [];
        await page.goto(address);
        await collector.until("the view", () => collector.ofType("pageview").length > 0);
        const { body } = collector.requests[0];
        assert.match(body.fingerprint, /^[0-9a-f]{64}$/, JSON.stringify(body));
        seen.push([body.fingerprint, body.visitor_id]);
        assert.ok(!JSON.stringify(await stored(page)).includes(body.fingerprint));
        if (round !== 1) continue;
        // Else leaving would keep what is in flight, and the visitor with it.
        await sleep(300);
        await page.evaluate(() => localStorage.clear());
        await context.clearCookies();
      }
      assert.equal(new Set(seen.map(([hash]) => hash)).size, 1);
      assert.equal(seen[0][1], seen[1][1]);
      assert.notEqual(seen[1][1], seen[2][1]);
    },
  },
  {
    name: "fingerprint: sent no more after a withdrawal",
    async run({ page, collector }) {
      await page.goto(collector.page("/a", configured({ ...FP, consent: "granted" })));
      await collector.until("it", () => collector.requests.some(({ body }) => body.fingerprint));
      await page.evaluate(() => window.clew("consent", "denied"));
      collector.requests = [];
      await page.evaluate(() => window.clew("track", "after"));
      await collector.until("the event", () => collector.events.length > 0);
      assert.ok(!("fingerprint" in collector.requests[0].body));
    },
  },
  {
    name: "opting out holds on later pages, whatever a consent tool says, until opting in",
    async run({ page, collector }) {
      const before = 'clew("consent","granted")';
      await page.goto(collector.page("/a", configured({ features: "consent" }, { before })));
      await collector.until("the view", () => collector.events.length > 0);
      await has(page, "optOut");
      await page.evaluate(() => window.clew("optOut"));
      collector.requests = [];
      assert.deepEqual((await stored(page)).local, { clew_off: "1" });
      await page.goto(`${collector.origin}/a`);
      await has(page, "optIn");
      await page.evaluate(() => window.clew("track", "nothing"));
      await sleep(1500);
      assert.equal(collector.requests.length, 0);
      assert.deepEqual((await stored(page)).local, { clew_off: "1" });
      await page.evaluate(() => window.clew("optIn"));
      await page.evaluate(() => window.clew("track", "again"));
      await collector.until("the event", () => collector.events.length > 0);
      assert.ok(collector.requests[0].body.visitor_id);
      assert.ok(!("clew_off" in (await stored(page)).local));
    },
  },
  {
    name: "an opt-out is heeded by the cookieless core too",
    async run({ page, collector }) {
      await page.addInitScript(() => localStorage.setItem("clew_off", "1"));
      const html = configured({ storage: "none" }).replace("full.js", "cookieless.js");
      await page.goto(collector.page("/a", html));
      await ready(page);
      await page.evaluate(() => window.clew("track", "nothing"));
      await sleep(1500);
      assert.equal(collector.requests.length, 0);
    },
  },
  {
    name: "Consent Mode answers are purposes, one advertising refusal is enough",
    async run({ page, collector }) {
      await page.goto(collector.page("/a", configured({ consent: "pending" })));
      await ready(page);
      await page.evaluate(() =>
        window.clew("consent", {
          analytics_storage: "granted",
          ad_storage: "granted",
          ad_user_data: "denied",
          ad_personalization: "granted",
        }),
      );
      await collector.until("the view", () => collector.events.length > 0);
      const { body } = collector.requests[0];
      assert.deepEqual(body.consent, { analytics: true, marketing: false });
      assert.ok(body.visitor_id);
    },
  },
  {
    name: "Consent Mode: commands to gtag before and after are followed",
    async run({ page, collector }) {
      const before =
        "window.dataLayer=[];function gtag(){dataLayer.push(arguments)}" +
        'gtag("consent","default",{analytics_storage:"denied",ad_storage:"denied",wait_for_update:9000})';
      const config = { features: "consent-mode", denied: "silent" };
      await page.goto(collector.page("/a", configured(config, { before })));
      await page.waitForFunction(() => window.dataLayer.push !== Array.prototype.push);
      await sleep(1500);
      assert.equal(collector.requests.length, 0);
      assert.deepEqual((await stored(page)).local, {});
      await page.evaluate(() => window.gtag("consent", "update", { analytics_storage: "granted" }));
      await collector.until("the view", () => collector.ofType("pageview").length > 0);
      assert.equal(collector.requests[0].body.consent.analytics, true);
      assert.ok((await stored(page)).local.clew);
      await page.evaluate(() => window.gtag("consent", "update", { analytics_storage: "denied" }));
      assert.deepEqual((await stored(page)).local, {});
    },
  },
  {
    name: "redaction: nothing secret leaves in address, title, referrer or properties",
    async run({ page, collector }) {
      const before =
        'document.title="Order of ada@example.com";' +
        'clew("track","paid",{card:"4111 1111 1111 1111",password:"hunter2",sku:"AB123456"})';
      const config = { features: "redact", query: ".*" };
      const address = collector.page("/u/ada@example.com", configured(config, { before }));
      await page.goto(`${address}?token=s3cret&page=2`);
      await collector.until("both", () => collector.counted.length > 1);
      const view = collector.ofType("pageview")[0];
      assert.equal(view.url, `${collector.origin}/u/REDACTED?token=REDACTED&page=2`);
      assert.equal(collector.ofType("pageview").length, 1);
      const { props } = collector.counted.find((event) => event.name === "paid");
      assert.deepEqual(props, { card: "[REDACTED]", password: "[REDACTED]", sku: "AB123456" });
      for (const { text } of collector.requests) {
        for (const secret of ["ada@", "4111 1111", "hunter2", "s3cret"])
          assert.ok(!text.includes(secret));
      }
    },
  },
  {
    name: "a module that does not come holds nothing back for long",
    async run({ page, collector }) {
      const modules = { redact: { url: "/m/missing.js", integrity: "sha384-none" } };
      await page.goto(collector.page("/a", configured({ features: "redact", modules })));
      await collector.until("the view", () => collector.events.length > 0);
    },
    logsErrors: true,
  },
  {
    name: "a visitor id that is older than its longest life is replaced, user and all",
    async run({ page, collector }) {
      const born = (days) =>
        `0${(Date.now() - days * 864e5).toString(16)}`.replace(/.{8}/, "$&-") +
        "-7aaa-8aaa-aaaaaaaaaaaa";
      const address = collector.page("/a", configured({ consent: "granted", days: 30 }));
      for (const [age, kept] of [
        [29, true],
        [31, false],
      ]) {
        collector.requests = [];
        await page.goto(collector.page("/empty", "<title>No tracker</title>"));
        const record = { visitor_id: born(age), user_id: "u", consent: { analytics: true } };
        await page.evaluate((text) => localStorage.setItem("clew", text), JSON.stringify(record));
        await page.goto(address);
        await collector.until("the view", () => collector.ofType("pageview").length > 0);
        const { body } = collector.requests[0];
        assert.equal(body.visitor_id === record.visitor_id, kept);
        assert.equal(body.user_id, kept ? "u" : undefined);
        assert.equal(JSON.parse((await stored(page)).local.clew).visitor_id, body.visitor_id);
        await sleep(300);
      }
    },
  },
];
