import assert from "node:assert/strict";
import { open, panel, settled, type } from "../support/pages.mjs";
import { signInOwner } from "../support/people.mjs";
import { addSite, call } from "../support/server.mjs";
import { send } from "../support/traffic.mjs";
import { until } from "../support/until.mjs";

const saved = (page) => page.getByText("Saved.").last().waitFor();
const settings = async (server) => (await call(server, "GET", "/v1/sites/shop")).settings;

export default [
  {
    name: "a site's own channels keep their order and name the visits that fit",
    async run({ page, context, server }) {
      await signInOwner(context, server);
      await addSite(server);
      await open(page, server, "/shop/settings/channels");
      for (const [n, name] of ["Podcast", "Partners"].entries()) {
        await page.getByRole("button", { name: "Add a channel" }).click();
        const rule = page.getByRole("list", { name: "Your own channels" }).locator("> li").nth(n);
        await type(rule.getByLabel("Channel", { exact: true }), name);
        await type(rule.getByLabel("With what it is compared"), name.toLowerCase());
      }
      // By keys alone.
      await page.getByRole("button", { name: "Move Partners up" }).focus();
      await page.keyboard.press("Enter");
      await page.getByText("Partners is now 1 of 2.").waitFor({ state: "attached" });
      await page.getByRole("button", { name: "Save" }).click();
      await saved(page);
      const names = (await settings(server)).channelRules.map(({ channel }) => channel);
      assert.deepEqual(names, ["Partners", "Podcast"]);
      await page.reload();
      await settled(page);
      assert.equal(
        await page.getByLabel("Channel", { exact: true }).first().inputValue(),
        "Partners",
      );
      await page
        .getByRole("list", { name: "Built-in channels" })
        .getByText("Organic Search")
        .waitFor();

      const url = "http://127.0.0.1/demo/?utm_source=partners&utm_medium=cpc";
      await until("the rule to be known", async () => {
        await send(server, "shop", [{ type: "pageview", url }]);
        const report = await server.report("breakdown", { site: "shop", dimension: "channel" });
        return report?.rows.some(({ value }) => value === "Partners");
      });
      await open(page, server, "/shop");
      await panel(page, "Sources").getByText("Partners").waitFor();
    },
  },
  {
    name: "address lists take networks, refuse what is none, and can be taken back",
    async run({ page, context, server }) {
      await signInOwner(context, server);
      await addSite(server);
      await open(page, server, "/shop/settings/addresses");
      const blocked = page.getByRole("region", { name: "Blocked" });
      const field = blocked.getByLabel("Add addresses or networks");
      await type(field, "office");
      await blocked.getByText("“office” is neither an address nor a network.").waitFor();
      assert.ok(await blocked.getByRole("button", { name: "Add", exact: true }).isDisabled());
      await field.fill("");
      await type(field, "203.0.113.0/24, 2001:DB8::/32");
      await blocked.getByRole("button", { name: "Add", exact: true }).click();
      await blocked.getByText("2001:db8::/32", { exact: true }).waitFor();
      assert.deepEqual((await settings(server)).blockedIps, ["203.0.113.0/24", "2001:db8::/32"]);
      await page.getByRole("button", { name: "Undo" }).click();
      await blocked.getByText("Nobody is blocked.").waitFor();
      assert.deepEqual((await settings(server)).blockedIps, []);
    },
  },
  {
    name: "what a profile rules out cannot be chosen",
    async run({ page, context, server }) {
      await signInOwner(context, server);
      await addSite(server);
      await open(page, server, "/shop/settings/privacy");
      await page.getByRole("radio", { name: /^Consent-free/ }).check({ force: true });
      await page.getByText("Ruled out by the profile “Consent-free”").waitFor();
      assert.ok(await page.getByRole("radio", { name: /^In the browser’s storage/ }).isDisabled());
      assert.ok(await page.getByLabel("Recognise browsers by a fingerprint").isDisabled());
      const full = page.getByLabel("IP address").locator("option[value=full]");
      assert.equal(await full.getAttribute("disabled"), "");
      await page.getByRole("button", { name: "Save" }).click();
      await saved(page);
      const { visitorId, fingerprint } = await settings(server);
      assert.deepEqual([visitorId, fingerprint], ["none", false]);
    },
  },
];
