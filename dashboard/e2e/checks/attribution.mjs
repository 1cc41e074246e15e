import assert from "node:assert/strict";
import { open } from "../support/pages.mjs";
import { signInOwner } from "../support/people.mjs";
import { addSite } from "../support/server.mjs";
import { send } from "../support/traffic.mjs";
import { until } from "../support/until.mjs";
import { ANNA } from "../support/visitors.mjs";
import { findings } from "./accessibility.mjs";

const HOUR = 3_600_000;

/** Comes by an ad, comes back by a newsletter, and buys. */
async function buy(server) {
  const began = Date.now() - 3 * HOUR;
  const shop = "http://127.0.0.1/demo/";
  const events = [
    { type: "pageview", url: `${shop}?utm_source=google&utm_medium=cpc`, t: began },
    { type: "pageview", url: `${shop}?utm_source=news&utm_medium=email`, t: began + HOUR },
    {
      type: "custom",
      name: "order",
      url: shop,
      value: 40,
      currency: "EUR",
      t: began + HOUR + 1000,
    },
  ];
  await send(server, "shop", events, { visitor_id: ANNA });
  await until("the order", async () => {
    const report = await server.report("attribution", { site: "shop" });
    return report?.meta.conversions === 1;
  });
}

export default [
  {
    name: "a conversion is shared out by the model of one's choice",
    async run({ page, context, server, browserName }) {
      await signInOwner(context, server);
      await addSite(server, { profile: "standard" });
      await buy(server);
      await open(page, server, "/shop/attribution");
      const table = page.getByRole("table", { name: "Credited conversions" });
      await table.getByRole("row", { name: /Email.* 1 .*100%.*€40\.00/ }).waitFor();
      await page.getByLabel("Model").selectOption("first");
      await table.getByRole("row", { name: /Paid Search.* 1 .*100%/ }).waitFor();
      await page.getByLabel("Model").selectOption("linear");
      await table.getByRole("row", { name: /Paid Search.*0\.5.*50%.*€20\.00/ }).waitFor();
      await page.getByText("Source", { exact: true }).click();
      await table.getByRole("row", { name: /news.*50%/ }).waitFor();
      if (browserName === "chromium") assert.deepEqual(await findings(page), []);
    },
  },
];
