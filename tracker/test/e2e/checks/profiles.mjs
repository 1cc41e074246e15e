import assert from "node:assert/strict";
import { launch } from "../support/browsers.mjs";
import { Server } from "../support/server.mjs";
import { html, setHidden, sleep } from "../support/site.mjs";
import { noteWrites, storageOf } from "../support/traffic.mjs";

/** Privacy profile × state of the visitor, in the browser, against the real server: what goes over
 *  the wire to the collector and what is written into the browser. CONTRACTS "Privacy profile ×
 *  consent". */
const NOTHING = { sent: false, stored: false };
const COUNTED = { sent: true, stored: false };
const RECOGNISED = { sent: true, stored: true };

const PROFILES = [
  {
    name: "exempt",
    variant: "cookieless",
    config: { storage: "none", unknown: "cookieless", denied: "cookieless" },
    expected: {
      unknown: COUNTED,
      pending: NOTHING,
      denied: COUNTED,
      gpc: COUNTED,
      granted: COUNTED,
      withdrawn: COUNTED,
    },
  },
  {
    name: "gdpr",
    variant: "standard",
    config: { storage: "local", unknown: "cookieless", denied: "cookieless" },
    expected: {
      unknown: COUNTED,
      pending: NOTHING,
      denied: COUNTED,
      gpc: COUNTED,
      granted: RECOGNISED,
      withdrawn: COUNTED,
    },
  },
  {
    name: "gdpr, silent after a refusal",
    profile: "gdpr",
    variant: "standard",
    config: { storage: "local", unknown: "cookieless", denied: "silent" },
    expected: {
      unknown: COUNTED,
      pending: NOTHING,
      denied: NOTHING,
      gpc: COUNTED,
      granted: RECOGNISED,
      withdrawn: NOTHING,
    },
  },
  {
    name: "gdpr, consent required",
    profile: "gdpr",
    variant: "full",
    config: { storage: "local", unknown: "silent", denied: "silent", consent: "pending" },
    expected: {
      unknown: NOTHING,
      pending: NOTHING,
      denied: NOTHING,
      gpc: NOTHING,
      granted: RECOGNISED,
      withdrawn: NOTHING,
    },
  },
  {
    name: "standard",
    variant: "full",
    config: { storage: "local", unknown: "store", denied: "cookieless" },
    expected: {
      unknown: RECOGNISED,
      pending: NOTHING,
      denied: COUNTED,
      gpc: RECOGNISED,
      granted: RECOGNISED,
      withdrawn: COUNTED,
    },
  },
  {
    name: "hipaa",
    variant: "full",
    config: { storage: "local", unknown: "cookieless", denied: "silent", gpc: "silent" },
    expected: {
      unknown: COUNTED,
      pending: NOTHING,
      denied: NOTHING,
      gpc: NOTHING,
      granted: RECOGNISED,
      withdrawn: NOTHING,
    },
  },
];

/** What the visitor's consent tool does in each state, before the page's first event. */
const FIRST_CALL = {
  pending: "pending",
  denied: "denied",
  granted: "granted",
  withdrawn: "granted",
};

const check = ({ name, profile = name, variant, config, expected }) => ({
  name: `profile ${name}: every state of consent`,
  async run({ collector, browserName, browser }) {
    const server = await Server.start();
    const withSignal = await launch(browserName, { gpc: true });
    try {
      const site = await server.admin("site", "create", "--name", "P", "--domain", "127.0.0.1");
      await server.change(site.id, { profile });
      collector.forwardTo(server.origin);
      const seen = {};
      for (const state of Object.keys(expected)) {
        const home = state === "gpc" ? withSignal : { browser };
        const context = await home.browser.newContext();
        await context.addInitScript(noteWrites);
        try {
          const page = await context.newPage();
          seen[state] = await visit({ page, context, collector, state, variant, config, site });
        } finally {
          await context.close();
        }
      }
      assert.deepEqual(seen, expected);
    } finally {
      await withSignal.close();
      await server.stop();
    }
  },
});

/** A visit of two pages with an event, a change of tabs and a departure; what it left behind. */
async function visit({ page, context, collector, state, variant, config, site }) {
  const settings = JSON.stringify({ ...config, siteId: site.id, flush: 200 });
  const call = FIRST_CALL[state] ? `clew("consent","${FIRST_CALL[state]}");` : "";
  const head = `<script>window.ClewConfig=${settings};${call}</script>`;
  const tag = html({ variant, head }).replace(/ data-[\w-]+="[^"]*"/g, "");
  collector.requests = [];
  await page.goto(`${collector.page("/a", tag)}?gclid=1`);
  await page.waitForFunction(() => typeof window.clew.track === "function");
  if (state === "gpc") assert.equal(await page.evaluate("navigator.globalPrivacyControl"), true);
  if (state === "withdrawn") {
    await collector.until("the view", () => collector.requests.length > 0);
    await page.evaluate(() => window.clew("consent", "denied"));
    // What was under way when the answer came is no request of afterwards.
    await sleep(300);
    collector.requests = [];
    await page.evaluate(() => {
      window.storageWrites.length = 0;
    });
  }
  await page.evaluate(() => window.clew("track", "pressed"));
  await sleep(1300);
  await setHidden(page, true);
  await setHidden(page, false);
  const kept = await storageOf(page);
  const cookies = await context.cookies();
  await page.goto(collector.page("/empty", "<title>No tracker</title>"));
  await sleep(300);
  for (const request of collector.requests) assert.equal(request.status, 200, request.reply);
  const ids = collector.requests.filter(({ body }) => body.visitor_id ?? body.user_id);
  const stored = kept.writes.length + kept.left.length + cookies.length > 0;
  // Whoever stores nothing sends nothing either that would recognise somebody.
  assert.equal(ids.length > 0, stored, JSON.stringify(kept));
  if (state === "gpc") {
    for (const { body } of collector.requests) assert.equal(body.consent.marketing, false);
  }
  return { sent: collector.requests.length > 0, stored };
}

export default process.env.CLEW_BIN ? PROFILES.map(check) : [];
