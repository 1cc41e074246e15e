/** Every page of the app. A new route belongs here; accessibility, hostile data, languages and
 *  screenshots go by this list. */
export const OPEN_PAGES = [
  { name: "setup", path: "/setup" },
  { name: "login", path: "/login" },
  { name: "link", path: "/link" },
  { name: "gallery", path: "/gallery" },
];

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
  { name: "site-settings", path: "/shop/settings" },
  { name: "domains", path: "/shop/settings/domains" },
  { name: "privacy", path: "/shop/settings/privacy" },
  { name: "data", path: "/shop/settings/data" },
];

export const SIGNED_IN_PAGES = [...ACCOUNT_PAGES, ...SITE_PAGES];

/** Opens a page of the app and waits until it shows what it has to show. */
export async function open(page, server, path) {
  await page.goto(`${server.origin}/app${path}`);
  await settled(page);
}

/** The page has its heading, and nothing on it is still being fetched. */
export async function settled(page) {
  await page.locator("h1").first().waitFor();
  await page.waitForFunction(() => !document.querySelector("[aria-busy=true]"));
  await page.evaluate(() => document.fonts.ready);
}

export async function setTheme(page, theme) {
  await page.evaluate((chosen) => {
    localStorage.setItem("clew.theme", chosen);
    document.documentElement.dataset.theme = chosen;
  }, theme);
}

export const overflow = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
