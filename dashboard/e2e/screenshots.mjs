import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { launch } from "../../tracker/test/e2e/support/browsers.mjs";
import {
  open,
  openPages,
  SIGNED_IN_PAGES,
  seeAll,
  setTheme,
  setUpPages,
} from "./support/pages.mjs";
import { invite, signInOwner } from "./support/people.mjs";
import { loadSample } from "./support/sample.mjs";
import { addSite, startServer } from "./support/server.mjs";

/** Pictures of the dashboard with a year of sample data. `make screenshots` makes the three of the
 *  README; with `CLEW_SHOTS=folder` also every page in both themes on a phone, a tablet and a wide
 *  screen, to be looked at. */
const README = join(import.meta.dirname, "../../docs/screenshots");
const WIDTHS = { phone: 375, tablet: 1024, wide: 1600 };
const THEMES = ["light", "dark"];

// The address that snippets name: not a port that is another one each time.
const server = await startServer({ CLEW_PUBLIC_URL: "http://stats.ariadne.example" });
const { browser, close } = await launch("chromium");
try {
  const stranger = await browser.newContext({ locale: "en-GB" });
  const context = await browser.newContext({ locale: "en-GB" });
  const outside = await stranger.newPage();
  if (process.env.CLEW_SHOTS) await everyPage(outside, setUpPages(server));
  await signInOwner(context, server);
  const link = await invite(server, { email: "bo@example.com", name: "Bo", role: "viewer" });
  if (process.env.CLEW_SHOTS) await everyPage(outside, openPages(link));
  const page = await context.newPage();
  await open(page, server, "/");
  // A made-up address cannot be encrypted; that is nothing to show.
  await page.getByRole("button", { name: "Hide for now" }).click();
  await addSite(server, { name: "Ariadne Supply", domains: ["ariadne.example"] });
  await pictureOf(page, "/shop/install", "light", join(README, "install.png"));
  await loadSample(server, "shop");
  for (const theme of THEMES)
    await pictureOf(page, "/shop?compare=previous", theme, join(README, `overview-${theme}.png`));
  if (process.env.CLEW_SHOTS) await everyPage(page, SIGNED_IN_PAGES);
} finally {
  await close();
  await server.stop();
}

async function pictureOf(page, path, theme, file) {
  await mkdir(README, { recursive: true });
  await page.setViewportSize({ width: 1440, height: 900 });
  await show(page, path, theme);
  await page.screenshot({ path: file, animations: "disabled" });
  console.log(file);
}

async function everyPage(page, pages) {
  await mkdir(process.env.CLEW_SHOTS, { recursive: true });
  for (const { name, path } of pages) {
    for (const [screen, width] of Object.entries(WIDTHS)) {
      for (const theme of THEMES) {
        await page.setViewportSize({ width, height: 900 });
        await show(page, path, theme);
        await seeAll(page);
        const file = join(process.env.CLEW_SHOTS, `${name}-${screen}-${theme}.png`);
        await page.screenshot({ path: file, fullPage: true, animations: "disabled" });
      }
    }
    console.log(name);
  }
}

async function show(page, path, theme) {
  await open(page, server, "/gallery");
  await setTheme(page, theme);
  await open(page, server, path);
  // Charts measure themselves once they have their place.
  await page.waitForTimeout(300);
}
