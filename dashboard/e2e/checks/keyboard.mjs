import assert from "node:assert/strict";
import { open, rows, settled } from "../support/pages.mjs";
import { signInOwner } from "../support/people.mjs";
import { addSite } from "../support/server.mjs";
import { seedVisits } from "../support/traffic.mjs";

/** Plausible's keys, and what each makes of the address. */
const PERIODS = {
  d: "?period=day",
  e: "?period=yesterday",
  r: "?period=realtime",
  h: "?period=24h",
  w: "?period=7d",
  f: "",
  t: "?period=30d",
  n: "?period=91d",
  m: "?period=month",
  p: "?period=lastmonth",
  y: "?period=year",
  s: "?period=6mo",
  l: "?period=12mo",
  a: "?period=all",
};

async function prepare({ page, context, server }) {
  await signInOwner(context, server);
  await addSite(server);
  await seedVisits(server, "shop");
  await open(page, server, "/shop");
}

const becomes = (page, search) => page.waitForFunction((to) => location.search === to, search);
const arrives = (page, path) => page.waitForFunction((to) => location.pathname === to, path);
const dialog = (page) => page.locator("dialog[open], [role=dialog]:popover-open");

/** The focus stays inside of what is open, however often Tab is pressed. */
async function assertTrapped(page) {
  for (let n = 0; n < 25; n++) {
    await page.keyboard.press(n % 5 === 4 ? "Shift+Tab" : "Tab");
    const outside = await page.evaluate(() => {
      const { activeElement } = document;
      return activeElement !== document.body && !activeElement.closest("dialog[open]");
    });
    assert.equal(outside, false, "the focus left the dialog");
  }
}

export default [
  {
    name: "Plausible's keys choose the period, and X, Esc and the arrows do their work",
    async run({ page, context, server }) {
      await prepare({ page, context, server });
      for (const [key, search] of Object.entries(PERIODS)) {
        await page.keyboard.press(key);
        await becomes(page, search);
      }
      await page.keyboard.press("w");
      await page.keyboard.press("x");
      await becomes(page, "?period=7d&compare=previous");
      await page.keyboard.press("x");
      await becomes(page, "?period=7d");
      await page.keyboard.press("d");
      await becomes(page, "?period=day");
      await page.keyboard.press("ArrowLeft");
      await page.waitForFunction(() => /period=day&from=\d/.test(location.search));
      await page.keyboard.press("ArrowRight");
      await becomes(page, "?period=day");
      await page.keyboard.press("w");
      await settled(page);
      await rows(page, "Sources").first().click();
      await page.waitForFunction(() => location.search.includes("f=is,channel,"));
      await page.locator("body").press("Escape");
      await becomes(page, "?period=7d");
    },
  },
  {
    name: "rows can be included, excluded and taken out without a mouse",
    async run({ page, context, server }) {
      await prepare({ page, context, server });
      const [first, second] = [rows(page, "Sources").nth(0), rows(page, "Sources").nth(1)];
      await first.focus();
      await page.keyboard.press("Alt+Space");
      await page.waitForFunction(() => location.search.includes("f=is_not,"));
      await page.goBack();
      await settled(page);
      await first.focus();
      await page.keyboard.press("Space");
      await page.waitForFunction(() => location.search.includes("f=is,"));
      await page.goBack();
      await settled(page);
      await open(page, server, "/shop?f=is,channel,Direct,Email");
      await second.focus();
      await page.keyboard.press("Shift+Space");
      await page.waitForFunction(() => /f=is,channel,(Direct|Email)$/.test(location.search));
      await page.goBack();
      await settled(page);
      await second.focus();
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => location.search.includes("details="));
      await dialog(page).waitFor();
      await page.keyboard.press("Escape");
      await dialog(page).waitFor({ state: "detached" });
    },
  },
  {
    name: "rows marked while Shift is held become one filter and one step of history",
    async run({ page, context, server }) {
      await prepare({ page, context, server });
      const [first, second] = [rows(page, "Sources").nth(0), rows(page, "Sources").nth(1)];
      const both = () => page.waitForFunction(() => /f=is,channel,\w+,\w+$/.test(location.search));
      await page.keyboard.down("Shift");
      await first.click();
      await second.click();
      assert.equal(await page.evaluate(() => location.search), "");
      assert.equal(await first.getAttribute("aria-current"), "true");
      assert.equal(await second.getAttribute("aria-current"), "true");
      await page.getByText("2 marked. Release Shift to filter.").waitFor();
      await page.keyboard.up("Shift");
      await both();
      await page.goBack();
      await becomes(page, "");
      await settled(page);
      await first.focus();
      await page.keyboard.press("+");
      await second.focus();
      await page.keyboard.press("Shift++");
      await page.getByText("2 marked. Enter filters, Esc cancels.").waitFor();
      assert.equal(await page.evaluate(() => location.search), "");
      await page.keyboard.press("Enter");
      await both();
      await page.goBack();
      await becomes(page, "");
      await settled(page);
      await first.focus();
      await page.keyboard.press("+");
      await page.keyboard.press("Escape");
      assert.equal(await first.getAttribute("aria-current"), null);
      await becomes(page, "");
    },
  },
  {
    name: "the sheet and the palette open by key, keep the focus and give it back",
    async run({ page, context, server }) {
      await prepare({ page, context, server });
      const held = page.getByRole("group", { name: "Numbers" }).getByRole("button").first();
      for (const key of ["?", "Control+k"]) {
        await held.focus();
        await page.keyboard.press(key);
        await dialog(page).waitFor();
        await assertTrapped(page);
        await page.keyboard.press("Escape");
        await dialog(page).waitFor({ state: "detached" });
        assert.ok(await held.evaluate((element) => element === document.activeElement), key);
      }
      await page.keyboard.press("Control+k");
      await page.keyboard.type("live");
      await page.keyboard.press("Enter");
      await arrives(page, "/app/shop/live");
    },
  },
  {
    name: "G and a letter go places, and keys typed into a field do nothing else",
    async run({ page, context, server }) {
      await prepare({ page, context, server });
      for (const [letter, path] of [
        ["l", "/app/shop/live"],
        ["i", "/app/shop/install"],
        ["t", "/app/shop/settings"],
        ["o", "/app/shop"],
        ["s", "/app/"],
      ]) {
        await page.keyboard.press("g");
        await page.keyboard.press(letter);
        await arrives(page, path);
        await settled(page);
      }
      await open(page, server, "/shop/settings");
      const field = page.locator("main input").first();
      await field.focus();
      await page.keyboard.type("gl?wx");
      assert.match(await field.inputValue(), /gl\?wx/);
      await arrives(page, "/app/shop/settings");
    },
  },
  {
    name: "Tab begins at the link to the content, and every stop can be seen",
    alone: true,
    async run({ page, context, server }) {
      await prepare({ page, context, server });
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      assert.equal(await page.evaluate(() => document.activeElement.id), "content");
      await page.reload();
      await settled(page);
      const seen = new Set();
      for (let n = 0; n < 60; n++) {
        await page.keyboard.press("Tab");
        const stop = await page.evaluate(() => {
          const element = document.activeElement;
          const box = element.getBoundingClientRect();
          // Some draw their ring around more than themselves.
          const styles = [getComputedStyle(element), getComputedStyle(element, "::after")];
          const name =
            element.getAttribute("aria-label") ?? element.textContent.trim().slice(0, 40);
          return {
            name: `${element.tagName} ${name} ${Math.round(box.x)},${Math.round(box.y + scrollY)}`,
            visible: box.width > 0 && box.height > 0 && styles[0].visibility === "visible",
            outlined: styles.some((style) => style.outlineStyle !== "none"),
            body: element === document.body,
          };
        });
        if (stop.body) break;
        assert.ok(stop.visible && stop.outlined, `the focus cannot be seen on ${stop.name}`);
        seen.add(stop.name);
      }
      assert.ok(seen.size > 25, `only ${seen.size} stops`);
    },
  },
];
