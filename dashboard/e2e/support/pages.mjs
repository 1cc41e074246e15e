/** Every page of the app. A new route belongs here; accessibility, hostile data, languages and
 *  screenshots go by this list. */
export const ACCOUNT_PAGES = [
  { name: "sites", path: "/" },
  { name: "new-site", path: "/sites/new" },
  { name: "profile", path: "/settings" },
  { name: "users", path: "/settings/users" },
  { name: "keys", path: "/settings/keys" },
  { name: "audit", path: "/settings/audit" },
];

export const SITE_PAGES = [
  { name: "overview", path: "/shop" },
  { name: "install", path: "/shop/install" },
  { name: "live", path: "/shop/live" },
  { name: "visitors", path: "/shop/visitors" },
  { name: "attribution", path: "/shop/attribution" },
  { name: "bots", path: "/shop/bots" },
  { name: "forms", path: "/shop/forms" },
  { name: "privacy-page", path: "/shop/privacy" },
  { name: "site-settings", path: "/shop/settings" },
  { name: "domains", path: "/shop/settings/domains" },
  { name: "privacy", path: "/shop/settings/privacy" },
  { name: "channels", path: "/shop/settings/channels" },
  { name: "addresses", path: "/shop/settings/addresses" },
  { name: "data", path: "/shop/settings/data" },
];

export const SIGNED_IN_PAGES = [...ACCOUNT_PAGES, ...SITE_PAGES];

/** Before there is an owner. */
export const setUpPages = (server) => [
  { name: "setup", path: `/setup${new URL(server.setUpLink).hash}` },
  { name: "setup-without-link", path: "/setup" },
];

/** For anybody, once there is an owner. `link` is one that invites somebody. */
export const openPages = (link) => [
  { name: "login", path: "/login" },
  { name: "link", path: `/link${new URL(link).hash}` },
  { name: "dead-link", path: "/link" },
  { name: "gallery", path: "/gallery" },
];

/** Opens a page of the app and waits until it shows what it has to show. */
export async function open(page, server, path) {
  // Another fragment alone would not load the page anew.
  if (path.includes("#")) await page.goto("about:blank");
  await page.goto(`${server.origin}/app${path}`);
  await settled(page);
}

/** The page has its heading, and nothing that can be seen of it is being fetched, or about to be: a
 *  new address begins to load a moment later. */
export async function settled(page) {
  await page.locator("h1").first().waitFor();
  await page.evaluate(() => {
    window.calm = 0;
  });
  await page.waitForFunction(isCalm, undefined, { polling: 50 });
  await page.evaluate(() => document.fonts.ready);
}

/** Runs in the page, again and again. */
function isCalm() {
  // Shows what waiting looks like.
  if (location.pathname === "/app/gallery") return true;
  const waiting = [...document.querySelectorAll("[aria-busy=true], main .animate-pulse")];
  const visible = waiting.some((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return top < innerHeight && bottom > 0;
  });
  window.calm = visible ? 0 : (window.calm ?? 0) + 1;
  return window.calm > 4;
}

/** Walks down the page, because panels ask only once they are seen. */
export async function seeAll(page) {
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  for (let y = 0; y < height; y += 600) {
    await page.evaluate((top) => scrollTo(0, top), y);
    await settled(page);
  }
  await page.evaluate(() => scrollTo(0, 0));
  await settled(page);
}

/** From the next page on; the app reads it before it paints. */
export const setTheme = (page, theme) =>
  page.evaluate((chosen) => localStorage.setItem("clew.theme", chosen), theme);

export const overflow = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** A panel of the overview by its heading. */
export const panel = (page, title) => page.getByRole("region", { name: title, exact: true });

/** The rows of a panel: links to the view that is limited to their value. */
export const rows = (page, title) => panel(page, title).locator("ol > li a:not([target])");

/** As somebody types. Firefox's remote protocol fills fields in a way that React does not notice. */
export async function type(field, text) {
  await field.click();
  await field.pressSequentially(text);
}
