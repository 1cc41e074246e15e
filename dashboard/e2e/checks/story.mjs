import assert from "node:assert/strict";
import { panel, rows, settled } from "../support/pages.mjs";
import { OWNER, PASSWORD } from "../support/people.mjs";
import { until } from "../support/until.mjs";

const SOON = 3000;

/** From the link in the server's output to the first number that moves, as a new user goes. */
async function story({ page, context, newContext, server }) {
  await setUp(page, server);
  await signOutAndIn(page, server);
  const siteId = await addSite(page);
  const visitor = await visit(newContext, server, siteId);
  await page.getByRole("heading", { name: "It works" }).waitFor();
  await movesSoon(page, context, visitor, server);
  await filterAndBack(page);
  await compare(page);
  await csvEqualsApi(page, context, server);
}

async function setUp(page, server) {
  await page.goto(server.setUpLink);
  await page.getByLabel("Your name").fill(OWNER.name);
  await page.getByLabel("E-mail").fill(OWNER.email);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Create the account" }).click();
  await page.getByRole("heading", { name: "Sites" }).waitFor();
}

async function signOutAndIn(page, server) {
  await page.getByRole("button", { name: `Account of ${OWNER.name}` }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.goto(`${server.origin}/app/settings`);
  await page.getByText("Please sign in to see that page.").waitFor();
  await page.getByLabel("E-mail").fill(OWNER.email);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForFunction(() => location.pathname === "/app/settings");
}

/** The id of the site, as the snippet on its install page says. */
async function addSite(page) {
  await page.getByRole("link", { name: "Clew: all sites" }).click();
  await page.getByRole("link", { name: "Add site" }).first().click();
  await page.getByLabel("Name", { exact: true }).fill("My shop");
  await page.getByLabel("Domain").fill("127.0.0.1");
  await page.getByRole("button", { name: "Add site" }).click();
  await page.waitForFunction(() => location.pathname.endsWith("/install"));
  await settled(page);
  const snippet = await page.locator("pre", { hasText: "/c.js" }).first().textContent();
  return /data-site-id="([^"]+)"/.exec(snippet)[1];
}

/** Somebody else's browser in the shop. */
async function visit(newContext, server, siteId) {
  const shop = await (await newContext()).newPage();
  await shop.goto(`${server.origin}/demo/?site=${siteId}&utm_source=newsletter`);
  await shop.waitForFunction(() => typeof window.clew?.track === "function");
  return shop;
}

async function movesSoon(page, context, visitor, server) {
  const site = await page.evaluate(() => location.pathname.split("/")[2]);
  await page.goto(`${server.origin}/app/${site}?period=day&metric=pageviews`);
  await settled(page);
  const tail = await context.newPage();
  await tail.goto(`${server.origin}/app/${site}/live`);
  await settled(tail);
  const figure = page
    .getByRole("group", { name: "Numbers" })
    .getByRole("button", { name: /views/i });
  const chart = page.getByRole("slider");
  const before = {
    figure: await figure.first().textContent(),
    chart: await chart.getAttribute("aria-valuetext"),
  };
  const posted = visitor.waitForResponse((reply) => reply.url().endsWith("/v1/events"));
  await visitor.getByRole("link", { name: "Products" }).first().click();
  await posted;
  const began = Date.now();
  await Promise.all([
    until("the figure", async () => (await figure.first().textContent()) !== before.figure, SOON),
    until(
      "the chart",
      async () => (await chart.getAttribute("aria-valuetext")) !== before.chart,
      SOON,
    ),
    tail.getByText("/demo/products").first().waitFor({ timeout: SOON }),
  ]);
  console.log(`     moved after ${Date.now() - began} ms`);
  await tail.close();
}

async function filterAndBack(page) {
  await page.goto(`${page.url().split("?")[0]}?period=day`);
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
  await page.waitForFunction(() => location.search.includes("compare=previous_period"));
  await settled(page);
  await page.getByText("from 0", { exact: true }).first().waitFor();
  await panel(page, "Sources").getByText("Before").waitFor();
  await page.keyboard.press("x");
  await page.waitForFunction(() => !location.search.includes("compare"));
}

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
  const [head, ...lines] = (await csv.text())
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(","));
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
