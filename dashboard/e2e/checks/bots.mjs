import assert from "node:assert/strict";
import { assertHarmless } from "../support/hostile.mjs";
import { open } from "../support/pages.mjs";
import { signInOwner } from "../support/people.mjs";
import { addSite } from "../support/server.mjs";
import { seedVisits } from "../support/traffic.mjs";
import { until } from "../support/until.mjs";
import { findings } from "./accessibility.mjs";

const GPTBOT =
  "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)";
const GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
const EVIL = `Mozilla/5.0 (compatible; AhrefsBot/7.0; <img src=x onerror="window.hostileRan=1">)`;

/** A bot's page view, which is taken and not counted. */
async function crawl(server, agent) {
  const reply = await fetch(`${server.origin}/v1/events`, {
    method: "POST",
    headers: { "User-Agent": agent, "Content-Type": "application/json" },
    body: JSON.stringify({
      site_id: "shop",
      events: [{ type: "pageview", url: "http://127.0.0.1/demo/" }],
    }),
  });
  assert.ok(reply.ok, `${reply.status}`);
}

const totals = async (server) => (await server.report("overview", { site: "shop" }))?.totals;

export default [
  {
    name: "bots are listed by name, AI crawlers apart, and are in no visitor number",
    async run({ page, context, server, browserName }) {
      await signInOwner(context, server);
      await addSite(server);
      await seedVisits(server, "shop", 5);
      const before = await totals(server);
      for (const agent of [GPTBOT, GPTBOT, GOOGLEBOT, EVIL]) await crawl(server, agent);
      await until("the bots", async () => {
        const report = await server.report("bots", { site: "shop" });
        return report?.rows.reduce((sum, { events }) => sum + events, 0) === 4;
      });
      assert.deepEqual(await totals(server), before, "a bot was counted");
      await open(page, server, "/shop/bots");
      const crawlers = page.getByRole("region", { name: "AI crawlers" }).first();
      await crawlers.getByRole("row", { name: /GPTBot.* 2 / }).waitFor();
      assert.equal(await crawlers.getByText("Googlebot").count(), 0);
      const others = page.getByRole("region", { name: "Other bots" }).first();
      await others.getByRole("row", { name: /Googlebot.*Search engine/i }).waitFor();
      await page.getByText("They are in no visitor number").waitFor();
      await page.getByRole("button", { name: "Explain" }).click();
      await page.getByText("never counted").waitFor();
      await assertHarmless(page, "bots");
      if (browserName === "chromium") assert.deepEqual(await findings(page), []);
    },
  },
];
