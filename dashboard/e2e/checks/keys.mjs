import assert from "node:assert/strict";
import { open, type } from "../support/pages.mjs";
import { signInOwner } from "../support/people.mjs";
import { addSite } from "../support/server.mjs";
import { findings } from "./accessibility.mjs";

export default [
  {
    name: "a marketing key opens the ticked pages only, and none once it is revoked",
    async run({ page, context, server, browserName }) {
      await signInOwner(context, server);
      await addSite(server);
      await open(page, server, "/settings/keys");
      await page.getByRole("button", { name: "New key" }).first().click();
      const dialog = page.locator("dialog[open]");
      await type(dialog.getByLabel("Name"), "Agency");
      await dialog.getByLabel("Role").selectOption("marketing");
      const pages = dialog.getByRole("group", { name: "Visible pages" });
      for (const name of ["Chart", "Leads"])
        await pages.getByLabel(name, { exact: true }).uncheck();
      await dialog
        .getByRole("group", { name: "Sites" })
        .getByLabel("Shop", { exact: true })
        .check();
      if (browserName === "chromium") assert.deepEqual(await findings(page), []);
      await dialog.getByRole("button", { name: "Make the key" }).click();
      await dialog.getByText("Copy it now").waitFor();
      const secret = await dialog.locator("pre").first().textContent();
      const command = await dialog.locator("pre").last().textContent();
      assert.ok(command.includes(`${server.origin}/analytics/overview?site=shop`), command);
      await dialog.getByRole("button", { name: "Done" }).click();

      const row = page.getByRole("row", { name: /Agency/ });
      await row.getByText("sees Overview, Visits").waitFor();
      assert.ok(!(await page.content()).includes(secret), "the secret is shown once");
      const asks = async (path) => {
        const headers = { Authorization: `Bearer ${secret}` };
        return (await fetch(`${server.origin}${path}?site=shop`, { headers })).status;
      };
      assert.deepEqual(
        [await asks("/analytics/overview"), await asks("/analytics/timeseries")],
        [200, 403],
      );
      await row.getByRole("button", { name: "Revoke Agency" }).click();
      await page.locator("dialog[open]").getByRole("button", { name: "Revoke the key" }).click();
      await row.getByText("Revoked").waitFor();
      assert.equal(await asks("/analytics/overview"), 401);
    },
  },
];
