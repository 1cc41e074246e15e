import assert from "node:assert/strict";
import { open, panel, rows, seeAll, settled } from "../support/pages.mjs";
import { signInOwner } from "../support/people.mjs";
import { addSite } from "../support/server.mjs";
import { seedVisits } from "../support/traffic.mjs";

/** What the overview says: figures and panels, without what is live. */
async function said(page) {
  await settled(page);
  const figures = page.getByRole("group", { name: "Numbers" });
  return [await figures.textContent(), await panel(page, "Sources").textContent()].join("\n");
}

const ADDRESSES = [
  "period=7d",
  "period=7d&compare=previous_period&metric=pageviews",
  "period=30d&f=is,source,news&interval=day",
  "period=7d&f=is_not,page,/demo/&sources=campaign&devices=os",
  "period=all&any=is,source,news;is,page,/demo/products/compass&pages=entry_page",
];

const MANGLED = [
  "period=fortnight&f=nonsense&sources=colour&compare=never&interval=second&metric=love",
  "f=is,source,%E0%A4%A&from=2026-02-30&to=x",
  `f=${"is,page,".repeat(400)}`,
];

/** Steps that a person takes on the overview, each a place that Back returns to. */
const STEPS = [
  (page) => page.keyboard.press("w"),
  (page) => rows(page, "Sources").first().click(),
  (page) => page.keyboard.press("x"),
  (page) => page.getByRole("group", { name: "Numbers" }).getByRole("button").nth(2).click(),
];

const place = (page) => page.evaluate(() => location.pathname + location.search);

async function prepare({ page, context, server }) {
  await signInOwner(context, server);
  await addSite(server);
  await seedVisits(server, "shop");
  await open(page, server, "/shop");
}

export default [
  {
    name: "a shared address shows the same view to somebody else",
    async run({ page, context, newContext, server }) {
      await prepare({ page, context, server });
      const other = await newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB" });
      await other.addCookies(await context.cookies());
      const reader = await other.newPage();
      for (const address of ADDRESSES) {
        await open(page, server, `/shop?${address}`);
        await open(reader, server, `/shop?${address}`);
        assert.equal(
          await place(page),
          `/app/shop?${address}`,
          "the address stays as it was shared",
        );
        assert.equal(await said(reader), await said(page), address);
      }
    },
  },
  {
    name: "an address that makes no sense opens the overview all the same",
    async run({ page, context, server }) {
      await prepare({ page, context, server });
      for (const address of MANGLED) {
        await open(page, server, `/shop?${address}`);
        await seeAll(page);
        assert.match(await said(page), /Visitors\s+\d/, address);
      }
    },
  },
  {
    name: "Back and Forward restore every view on the way",
    async run({ page, context, server }) {
      await prepare({ page, context, server });
      const way = [{ place: await place(page), said: await said(page) }];
      for (const step of STEPS) {
        const before = await place(page);
        await step(page);
        await page.waitForFunction((old) => location.pathname + location.search !== old, before);
        way.push({ place: await place(page), said: await said(page) });
      }
      const at = async (stop, direction) => {
        await page.waitForFunction((to) => location.pathname + location.search === to, stop.place);
        assert.equal(await said(page), stop.said, `${direction} to ${stop.place}`);
      };
      for (const stop of way.slice(0, -1).reverse()) {
        await page.goBack();
        await at(stop, "back");
      }
      for (const stop of way.slice(1)) {
        await page.goForward();
        await at(stop, "forward");
      }
      await page.reload();
      await at(way.at(-1), "reload");
    },
  },
];
