import assert from "node:assert/strict";
import { open, rows, SIGNED_IN_PAGES, settled } from "../support/pages.mjs";
import { signInAs, signInOwner } from "../support/people.mjs";
import { addSite } from "../support/server.mjs";
import { seedVisits } from "../support/traffic.mjs";

/** Pages whose only purpose is to change something. */
const MANAGEMENT = SIGNED_IN_PAGES.filter(({ path }) =>
  /^\/sites\/new|^\/settings\/|^\/shop\/(settings|visitors)/.test(path),
);

const linksTo = (page) =>
  page.evaluate(() => [...document.querySelectorAll("a[href]")].map((link) => link.pathname));

async function seesNoManagement({ page, context, newContext, server }, role) {
  await signInOwner(await newContext(), server);
  await addSite(server);
  await seedVisits(server, "shop");
  await signInAs(context, server, { email: "bo@example.com", name: "Bo", role });
  const management = MANAGEMENT.map(({ path }) => `/app${path}`);
  for (const path of ["/", "/shop", "/shop/live", "/settings"]) {
    await open(page, server, path);
    await page.getByRole("button", { name: "Account of Bo" }).click();
    const forbidden = (await linksTo(page)).filter((to) => management.includes(to));
    assert.deepEqual(forbidden, [], `${path} leads to management`);
    await page.keyboard.press("Escape");
  }
  // Whoever types the address sees neither form nor switch, and nobody is asked for them in vain:
  // a refused request would be on the console.
  for (const { path } of MANAGEMENT) {
    await page.goto(`${server.origin}/app${path}`);
    await settled(page);
    assert.equal(await page.locator("main").locator("form, input, select").count(), 0, path);
  }
  await open(page, server, "/shop");
  await rows(page, "Sources").first().click();
  await page.waitForFunction(() => location.search.includes("f="));
}

export default [
  {
    name: "a viewer sees reports and no management",
    run: (given) => seesNoManagement(given, "viewer"),
  },
  {
    name: "marketing sees reports and no management",
    only: "chromium",
    run: (given) => seesNoManagement(given, "marketing"),
  },
  {
    name: "somebody with a role on one site sees that site alone",
    async run({ page, context, newContext, server }) {
      await signInOwner(await newContext(), server);
      const { siteId } = await addSite(server);
      await addSite(server, { name: "Secret", slug: "secret", domains: ["secret.example"] });
      const siteRoles = [{ siteId, role: "viewer" }];
      await signInAs(context, server, {
        email: "bo@example.com",
        name: "Bo",
        role: null,
        siteRoles,
      });
      await open(page, server, "/");
      await page.getByRole("link", { name: "Shop", exact: true }).waitFor();
      assert.equal(await page.getByText("Secret").count(), 0);
      await page.getByRole("link", { name: "Shop", exact: true }).click();
      await page.waitForFunction(() => location.pathname === "/app/shop");
      await settled(page);
    },
  },
  {
    name: "a site that is not yours does not exist",
    expected: [{ status: 404, path: "/v1/sites/secret" }],
    async run({ page, context, newContext, server }) {
      await signInOwner(await newContext(), server);
      const { siteId } = await addSite(server);
      await addSite(server, { name: "Secret", slug: "secret", domains: ["secret.example"] });
      const siteRoles = [{ siteId, role: "viewer" }];
      await signInAs(context, server, {
        email: "bo@example.com",
        name: "Bo",
        role: null,
        siteRoles,
      });
      await page.goto(`${server.origin}/app/secret`);
      await page.getByRole("link", { name: "To your sites" }).waitFor();
      assert.equal(await page.getByText("secret.example").count(), 0);
    },
  },
];
