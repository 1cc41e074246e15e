import assert from "node:assert/strict";
import { open } from "../support/pages.mjs";
import { signInAs, signInOwner } from "../support/people.mjs";
import { addSite } from "../support/server.mjs";
import { findings } from "./accessibility.mjs";

/** What stands in the lines of each family, by the name of its tab. */
const LINES = {
  Pixel: ({ siteId }) => [`/pixel.js?site=${siteId}" data-pixel-id="${siteId}"`],
  "CRM tracker": ({ siteId }) => [`/script/${siteId}.js"`],
  Collector: ({ siteId }) => [`/pixel/${siteId}/tracking.js"`],
  Pulse: ({ siteId }) => [
    `/tracker.js?site=${siteId}" data-site-key="${siteId}"`,
    `siteKey: "${siteId}"`,
  ],
  Trackveil: ({ siteId }) => [`/tracker.js?site=${siteId}" data-site-id="${siteId}"`],
};

export default [
  {
    name: "the install page has the line of this site for every other tracker",
    async run({ page, context, newContext, server, browserName }) {
      await signInOwner(await newContext(), server);
      const site = await addSite(server);
      const user = { email: "bo@example.com", name: "Bo", role: "marketing" };
      await signInAs(context, server, user);
      await open(page, server, "/shop/install");
      const card = page.getByRole("region", { name: "Coming from another tracker" });
      for (const [name, lines] of Object.entries(LINES)) {
        await card.getByRole("tab", { name, exact: true }).click();
        const shown = await card.getByRole("tabpanel").locator("pre").allTextContents();
        const wanted = lines(site);
        assert.equal(shown.length, wanted.length, name);
        for (const [n, line] of wanted.entries()) {
          assert.ok(shown[n].includes(line), `${name}: ${shown[n]}`);
          assert.ok(shown[n].includes(`src="${server.origin}/`), `${name}: ${shown[n]}`);
        }
      }
      assert.equal(await card.locator("pre").last().textContent(), site.writeKey);
      if (browserName === "chromium") assert.deepEqual(await findings(page), []);
    },
  },
];
