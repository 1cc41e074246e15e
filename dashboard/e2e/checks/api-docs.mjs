import assert from "node:assert/strict";
import { overflow } from "../support/pages.mjs";
import { findings } from "./accessibility.mjs";

export default [
  {
    name: "the API's page lists every route by section and asks nobody else for anything",
    viewport: { width: 375, height: 800 },
    async run({ page, server, browserName }) {
      const asked = [];
      page.on("request", (request) => asked.push(new URL(request.url()).origin));
      const description = await (await fetch(`${server.origin}/openapi.json`)).json();
      await page.goto(`${server.origin}/docs`);
      const routes = Object.values(description.paths).flatMap((path) =>
        Object.values(path).filter(({ operationId }) => operationId),
      );
      assert.ok(routes.length > 50);
      const known = new Set(
        await page.locator("[id]").evaluateAll((all) => all.map(({ id }) => id)),
      );
      for (const { operationId } of routes) assert.ok(known.has(operationId), operationId);

      const forms = page.locator("details", {
        has: page.locator("#post_v1_clients_clientId_forms"),
      });
      await forms.locator("summary").click();
      await forms.getByText("formSelector", { exact: true }).first().waitFor();
      await forms.getByRole("link", { name: "FormView" }).click();
      assert.equal(await overflow(page), 0);
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        if (browserName === "chromium") assert.deepEqual(await findings(page), []);
      }
      assert.deepEqual([...new Set(asked)], [server.origin]);
    },
  },
];
