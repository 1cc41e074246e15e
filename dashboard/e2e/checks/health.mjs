import assert from "node:assert/strict";
import { open, overflow, settled } from "../support/pages.mjs";
import { signInAs, signInOwner } from "../support/people.mjs";
import { addSite, call } from "../support/server.mjs";
import { seedVisits } from "../support/traffic.mjs";
import { findings } from "./accessibility.mjs";

const HOST = "checkout.example";

const LONG = `${"a-very-long-name-of-a-host-".repeat(2)}x.checkout.example`;

/** A page view of a page of `host`; the status of the answer. */
async function visit(server, host = HOST) {
  const reply = await fetch(`${server.origin}/v1/events`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Origin: `https://${host}` },
    body: JSON.stringify({
      site_id: "shop",
      events: [{ type: "pageview", url: `https://${host}/pay` }],
    }),
  });
  return reply.status;
}

async function openHealth(page, server, host = HOST) {
  await open(page, server, "/shop");
  const health = page.getByRole("region", { name: "Data health" });
  await health.scrollIntoViewIfNeeded();
  await health.getByText("1 request turned away").waitFor();
  await health.getByRole("button", { name: "Data health" }).click();
  await health.getByText(host, { exact: true }).waitFor();
  return health;
}

export default [
  {
    name: "a host that was turned away is named, and let in with one click",
    async run({ page, context, server, browserName }) {
      await signInOwner(context, server);
      await addSite(server);
      await seedVisits(server, "shop", 5);
      assert.equal(await visit(server), 403);
      const health = await openHealth(page, server);
      if (browserName === "chromium") assert.deepEqual(await findings(page), []);
      const add = health.getByRole("button", { name: `Add ${HOST}` });
      await add.click();
      await page.getByText(`Events from ${HOST} are accepted now.`).waitFor();
      await add.waitFor({ state: "detached" });
      assert.deepEqual((await call(server, "GET", "/v1/sites/shop")).domains, ["127.0.0.1", HOST]);
      assert.equal(await visit(server), 200);
    },
  },
  {
    name: "a viewer sees who was turned away and cannot let anybody in",
    async run({ page, context, newContext, server }) {
      await signInOwner(await newContext(), server);
      await addSite(server);
      await seedVisits(server, "shop", 5);
      await visit(server);
      await signInAs(context, server, { email: "bo@example.com", name: "Bo", role: "viewer" });
      const health = await openHealth(page, server);
      await settled(page);
      assert.equal(await health.getByRole("button", { name: /^Add / }).count(), 0);
    },
  },
  {
    name: "a very long host that was turned away fits on a phone",
    viewport: { width: 375, height: 800 },
    async run({ page, context, server }) {
      await signInOwner(context, server);
      await addSite(server);
      await seedVisits(server, "shop", 5);
      await visit(server, LONG);
      await openHealth(page, server, LONG);
      assert.equal(await overflow(page), 0);
      await open(page, server, "/shop/install");
      await page.getByRole("button", { name: `Add ${LONG}` }).waitFor();
      assert.equal(await overflow(page), 0);
    },
  },
];
