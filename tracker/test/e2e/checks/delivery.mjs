import assert from "node:assert/strict";
import { Collector } from "../support/collector.mjs";
import { html, setHidden, sleep, TALL } from "../support/site.mjs";

const GRANTED = { consent: "granted" };

/** Opens a page and waits until its view was taken. */
async function open({ page, collector }, options = {}) {
  await page.goto(collector.page("/a", html(options)));
  await collector.until("the view", () => collector.ofType("pageview").length > 0);
  await sleep(100);
}

const track = (page, name, props) =>
  page.evaluate(([event, values]) => window.clew("track", event, values), [name, props]);

const named = (collector, name) => collector.events.filter((event) => event.name === name);

/** The check of one refusal that is worth trying again. */
const retried = (status) => ({
  name: `a ${status} is tried again after Retry-After, with the same ids`,
  async run(world) {
    const { page, collector } = world;
    await open(world);
    const first = collector.requests.length + 1;
    collector.answer = (number) =>
      number === first ? { status, headers: { "Retry-After": "5" } } : { status: 200 };
    await track(page, "kept");
    await collector.until("both attempts", () => named(collector, "kept").length === 2, 15_000);
    const attempts = collector.requests.filter((request) => request.text.includes('"kept"'));
    const waited = attempts[1].at - attempts[0].at;
    assert.ok(waited >= 4900 && waited < 8000, `came back after ${waited} ms`);
    assert.equal(named(collector, "kept")[0].id, named(collector, "kept")[1].id);
    assert.ok(attempts[1].body.sent_at > attempts[0].body.sent_at);
  },
});

export default [
  {
    name: "batches are text/plain without preflight, also to another origin",
    async run({ page, collector }) {
      const other = await Collector.start("localhost");
      try {
        await page.goto(collector.page("/a", html({ origin: other.origin })));
        await other.until("the view", () => other.events.length);
        assert.match(other.requests[0].type, /^text\/plain/);
        assert.equal(other.preflights, 0);
        assert.equal(collector.requests.length, 0);
      } finally {
        await other.stop();
      }
    },
  },
  {
    name: "the tenth event sends the batch, the ninth waits for the clock",
    async run(world) {
      const { page, collector } = world;
      await open(world, { attributes: { flush: "2000" } });
      const before = collector.requests.length;
      await page.evaluate(() => {
        for (let i = 0; i < 9; i++) window.clew("track", "nine");
      });
      await sleep(800);
      assert.equal(collector.requests.length, before);
      await collector.until("the clock", () => named(collector, "nine").length === 9);
      await page.evaluate(() => {
        for (let i = 0; i < 10; i++) window.clew("track", "ten");
      });
      const asked = Date.now();
      await collector.until("the full batch", () => named(collector, "ten").length === 10);
      assert.ok(Date.now() - asked < 1500);
      assert.equal(collector.requests.length, before + 2);
      assert.deepEqual(
        collector.counted.map((event) => event.seq),
        Array.from({ length: 20 }, (_, i) => i + 1),
      );
    },
  },
  {
    name: "leaving sends what waits, as a beacon on the own origin",
    async run(world) {
      const { page, collector } = world;
      await open(world, { attributes: { flush: "60000" } });
      await track(page, "last");
      await sleep(200);
      await page.goto(collector.page("/b", html()));
      await collector.until("the event", () => named(collector, "last").length > 0);
      const request = collector.requests.find((one) => one.text.includes('"last"'));
      assert.equal(request.beacon, true);
      assert.match(request.type, /^text\/plain/);
      assert.equal(named(collector, "last").length, 1);
    },
  },
  {
    name: "leaving sends what waits, by fetch to another origin",
    async run({ page, collector }) {
      const other = await Collector.start("localhost");
      try {
        const attributes = { flush: "60000" };
        await page.goto(collector.page("/a", html({ origin: other.origin, attributes })));
        await other.until("the view", () => other.events.length);
        await track(page, "last");
        await sleep(200);
        await page.goto(collector.page("/b", html({ origin: other.origin })));
        await other.until("the event", () => named(other, "last").length > 0);
        assert.ok(other.requests.every((request) => !request.beacon));
        assert.equal(other.preflights, 0);
      } finally {
        await other.stop();
      }
    },
  },
  {
    name: "a batch in flight goes again on leaving, with the same ids",
    async run(world) {
      const { page, collector } = world;
      collector.answer = (number) => (number === 1 ? { hang: true } : { status: 200 });
      await page.goto(collector.page("/a", html()));
      await collector.until("the view", () => collector.requests.length === 1);
      await page.goto(collector.page("/b", html()));
      await collector.until("it again", () => collector.ofType("pageview").length === 2);
      const [hung] = collector.requests[0].body.events;
      const again = collector.requests.slice(1).flatMap((request) => request.body.events);
      assert.ok(again.some((event) => event.id === hung.id));
    },
  },
  retried(503),
  retried(429),
  {
    name: "a 400 is not tried again and stops nobody else",
    async run(world) {
      const { page, collector } = world;
      await open(world);
      const first = collector.requests.length + 1;
      collector.answer = (number) => ({ status: number === first ? 400 : 200 });
      await track(page, "bad");
      await collector.until("the refusal", () => named(collector, "bad").length === 1);
      await sleep(200);
      await track(page, "good");
      await collector.until("the next", () => named(collector, "good").length === 1);
      await sleep(4500);
      assert.equal(named(collector, "bad").length, 1);
    },
  },
  {
    name: "a broken connection is tried again after two to four seconds",
    async run(world) {
      const { page, collector } = world;
      await open(world);
      let broken = 0;
      // Browsers repeat a request by themselves when a reused connection breaks, so it breaks for
      // a whole second.
      collector.answer = () => {
        if (!broken) broken = Date.now();
        return Date.now() - broken < 1000 ? { destroy: true } : { status: 200 };
      };
      await track(page, "kept");
      const late = () => collector.requests.findLast((request) => request.at - broken >= 1000);
      await collector.until("it again", () => broken && late());
      const waited = late().at - broken;
      assert.ok(waited >= 1900 && waited < 6000, `came back after ${waited} ms`);
      assert.equal(new Set(named(collector, "kept").map((event) => event.id)).size, 1);
    },
  },
  {
    name: "what a failing server refuses is sent by the next page, once",
    async run(world) {
      const { page, collector } = world;
      await open(world, { attributes: GRANTED });
      collector.answer = () => ({ status: 503, headers: { "Retry-After": "60" } });
      await track(page, "waits");
      await collector.until("the refusal", () => named(collector, "waits").length === 1);
      await sleep(300);
      const record = () => page.evaluate(() => JSON.parse(localStorage.getItem("clew")));
      await page.goto(collector.page("/empty", "<title>No tracker</title>"));
      const stored = await record();
      assert.ok(stored.q.some((event) => event.name === "waits"));
      collector.answer = () => ({ status: 200 });
      collector.requests = [];
      await page.goto(`${collector.origin}/a`);
      await collector.until("the event", () => named(collector, "waits").length > 0);
      await sleep(1500);
      assert.equal(named(collector, "waits").length, 1);
      assert.equal((await record()).q, undefined);
    },
  },
  {
    name: "at most 99 events are kept, and none without consent",
    async run(world) {
      const { page, collector } = world;
      collector.answer = () => ({ status: 503, headers: { "Retry-After": "60" } });
      for (const [attributes, expected] of [
        [GRANTED, 99],
        [{}, null],
      ]) {
        await page.goto(collector.page("/a", html({ attributes })));
        await collector.until("the view", () => collector.events.length > 0);
        await page.evaluate(() => {
          for (let i = 0; i < 150; i++) window.clew("track", "many");
        });
        await sleep(300);
        await page.goto(collector.page("/empty", "<title>No tracker</title>"));
        const kept = await page.evaluate(() => {
          const record = JSON.parse(localStorage.getItem("clew"));
          localStorage.clear();
          return record?.q.length ?? null;
        });
        assert.equal(kept, expected);
        collector.requests = [];
      }
    },
  },
  {
    name: "no batch has more than 50 events or 20,000 characters",
    async run(world) {
      const { page, collector } = world;
      await open(world, { attributes: { batch: "1000" } });
      await page.evaluate(() => {
        for (let i = 0; i < 120; i++) window.clew("track", "small");
        for (let i = 0; i < 20; i++) window.clew("track", "large", { text: "x".repeat(3000) });
      });
      await collector.until("all", () => collector.counted.length >= 141, 20_000);
      for (const request of collector.requests) {
        assert.ok(request.body.events.length <= 50);
        assert.ok(request.text.length <= 20_000, `${request.text.length} characters`);
      }
      assert.equal(collector.events.length, collector.counted.length);
    },
  },
  {
    name: "offline, what was tracked waits and goes when the line is back",
    only: "chromium",
    async run(world) {
      const { page, context, collector } = world;
      await open(world);
      await context.setOffline(true);
      await track(page, "offline");
      await sleep(1000);
      assert.equal(named(collector, "offline").length, 0);
      await context.setOffline(false);
      await collector.until("the event", () => named(collector, "offline").length === 1);
    },
  },
  {
    alone: true,
    name: "attention and scroll depth are reported when the page is hidden",
    async run(world) {
      const { page, collector } = world;
      await open(world, { body: TALL });
      await page.evaluate(() =>
        scrollTo(0, (document.documentElement.scrollHeight - innerHeight) / 2),
      );
      await sleep(1200);
      await setHidden(page, true);
      await collector.until("the report", () => collector.ofType("engagement").length === 1);
      const [report] = collector.ofType("engagement");
      assert.ok(report.engaged_ms >= 900 && report.engaged_ms < 6000, `${report.engaged_ms} ms`);
      assert.ok(report.scroll > 40 && report.scroll < 75, `${report.scroll} %`);
      // Hidden time is nobody's attention.
      await sleep(1500);
      await setHidden(page, false);
      await sleep(500);
      await setHidden(page, true);
      await collector.until("the second", () => collector.ofType("engagement").length === 2);
      const second = collector.ofType("engagement")[1];
      assert.ok(second.engaged_ms >= 400 && second.engaged_ms < 1400, `${second.engaged_ms} ms`);
    },
  },
];
