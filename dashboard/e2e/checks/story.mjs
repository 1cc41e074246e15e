import assert from "node:assert/strict";
import { panel, rows, settled, type } from "../support/pages.mjs";
import { OWNER, PASSWORD } from "../support/people.mjs";
import { until } from "../support/until.mjs";

/** A bound, no measurement: how long it took is printed. */
const SOON = 15_000;

/** From the link in the server's output to the first number that moves, as a new user goes. */
async function story({ page, context, newContext, server }) {
  await setUp(page, server);
  await signOutAndIn(page, server);
  const siteId = await addSite(page);
  const visitor = await visit(newContext, server, siteId);
  await page.getByRole("heading", { name: "It works" }).waitFor();
  await movesSoon(page, visitor, server);
  await filterAndBack(page);
  await compare(page);
  await csvEqualsApi(page, context, server);
}

async function setUp(page, server) {
  await page.goto(server.setUpLink);
  await type(page.getByLabel("Your name"), OWNER.name);
  await type(page.getByLabel("E-mail"), OWNER.email);
  await type(page.getByLabel("Password", { exact: true }), PASSWORD);
  await page.getByRole("button", { name: "Create the account" }).click();
  await page.getByRole("heading", { name: "Sites" }).waitFor();
}

async function signOutAndIn(page, server) {
  await page.getByRole("button", { name: `Account of ${OWNER.name}` }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.goto(`${server.origin}/app/settings`);
  await page.getByText("Please sign in to see that page.").waitFor();
  await type(page.getByLabel("E-mail"), OWNER.email);
  await type(page.getByLabel("Password", { exact: true }), PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForFunction(() => location.pathname === "/app/settings");
}

/** The id of the site, as the snippet on its install page says. */
async function addSite(page) {
  await page.getByRole("link", { name: "Clew: all sites" }).click();
  await page.getByRole("link", { name: "Add site" }).first().click();
  await type(page.getByLabel("Name", { exact: true }), "My shop");
  await type(page.getByLabel("Domain"), "127.0.0.1");
  await page.getByRole("button", { name: "Add site" }).click();
  await page.waitForFunction(() => location.pathname.endsWith("/install"));
  await settled(page);
  const snippet = await page.locator("pre", { hasText: "/c/" }).first().textContent();
  return /\/c\/([^"]+)\.js"/.exec(snippet)[1];
}

/** Somebody else's browser in the shop. */
async function visit(newContext, server, siteId) {
  const shop = await (await newContext()).newPage();
  await shop.goto(`${server.origin}/demo/?site=${siteId}&utm_source=newsletter`);
  await shop.waitForFunction(() => typeof window.clew?.track === "function");
  return shop;
}

async function movesSoon(page, visitor, server) {
  const site = await page.evaluate(() => location.pathname.split("/")[2]);
  await page.goto(`${server.origin}/app/${site}?period=day&metric=pageviews`);
  await settled(page);
  const numbers = page.getByRole("group", { name: "Numbers" });
  const said = {
    figure: () => numbers.getByRole("button", { name: "Page views" }).textContent(),
    chart: () => page.getByRole("slider").getAttribute("aria-valuetext"),
  };
  const before = { figure: await said.figure(), chart: await said.chart() };
  const overview = await sinceView(page, visitor, "Products", () =>
    Promise.all(
      Object.entries(said).map(([what, now]) =>
        until(`the ${what}`, async () => (await now()) !== before[what], SOON),
      ),
    ),
  );
  await page.goto(`${server.origin}/app/${site}/live`);
  await settled(page);
  const tail = await sinceView(page, visitor, "Contact", () =>
    page.getByText("/demo/contact", { exact: true }).first().waitFor({ timeout: SOON }),
  );
  console.log(`     after the page view: overview ${overview} ms, live events ${tail} ms`);
}

/** Milliseconds from the server's answer to the visitor's next page view until `moved`. */
async function sinceView(page, visitor, link, moved) {
  const posted = visitor.waitForResponse((reply) => reply.url().endsWith("/v1/events"));
  await visitor.getByRole("link", { name: link }).first().click();
  await page.bringToFront();
  await posted;
  const began = Date.now();
  await moved();
  return Date.now() - began;
}

async function filterAndBack(page) {
  await page.getByRole("link", { name: "Overview" }).first().click();
  await page.getByRole("group", { name: "Numbers" }).waitFor();
  await settled(page);
  await page.keyboard.press("d");
  await page.waitForFunction(() => location.search === "?period=day");
  await settled(page);
  const whole = await page.getByRole("group", { name: "Numbers" }).textContent();
  await rows(page, "Pages").filter({ hasText: "/demo/products" }).click();
  await page.waitForFunction(() => location.search.includes("f=is,page,/demo/products"));
  await settled(page);
  assert.notEqual(await page.getByRole("group", { name: "Numbers" }).textContent(), whole);
  await page.goBack();
  await page.waitForFunction(() => location.search === "?period=day");
  await settled(page);
  assert.equal(await page.getByRole("group", { name: "Numbers" }).textContent(), whole);
}

async function compare(page) {
  await page.keyboard.press("x");
  await page.waitForFunction(() => location.search.includes("compare=previous"));
  await settled(page);
  await page.getByText("from 0", { exact: true }).first().waitFor();
  await panel(page, "Sources").getByText("Before").waitFor();
  await page.keyboard.press("x");
  await page.waitForFunction(() => !location.search.includes("compare"));
}

/** The cells of one line; none of these values has a line break. */
const cells = (line) =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain,
  );

async function csvEqualsApi(page, context, server) {
  const link = panel(page, "Pages").getByRole("link", { name: /as CSV$/ });
  const address = new URL(await link.getAttribute("href"), server.origin);
  const [csv, json] = await Promise.all(
    ["csv", ""].map(async (format) => {
      address.searchParams.delete("format");
      if (format) address.searchParams.set("format", format);
      return context.request.get(address.href);
    }),
  );
  const [head, ...lines] = (await csv.text()).trim().split(/\r?\n/).map(cells);
  const { rows: expected } = await json.json();
  assert.ok(expected.length >= 2);
  assert.equal(lines.length, expected.length);
  for (const [n, row] of expected.entries()) {
    for (const [column, name] of head.entries()) {
      const value = name in row ? row[name] : row.value;
      assert.equal(lines[n][column], value === null ? "" : String(value), `${name} of row ${n}`);
    }
  }
}

export default [{ name: "from the set-up link to a number that moves", run: story }];
