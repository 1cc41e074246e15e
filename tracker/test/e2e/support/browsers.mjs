import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, firefox } from "playwright-core";

const CHROMIUM = process.env.CLEW_CHROMIUM ?? "/usr/bin/chromium";
const FIREFOX = process.env.CLEW_FIREFOX ?? "/usr/bin/firefox-esr";

const USER_AGENT =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";

/** Starts Debian's browser and returns it with what ends it. With `gpc` it sends Global Privacy
 *  Control. */
export async function launch(name, { gpc = false } = {}) {
  if (name === "firefox") return launchFirefox(gpc ? GPC_PREFERENCES : {});
  const launched = await launchChromium();
  if (gpc) signalGpc(launched);
  return launched;
}

const GPC_PREFERENCES = {
  "privacy.globalprivacycontrol.enabled": true,
  "privacy.globalprivacycontrol.functionality.enabled": true,
};

/** Chromium has no such setting: an extension would set header and property, as this does. */
function signalGpc({ browser }) {
  const newContext = browser.newContext.bind(browser);
  browser.newContext = async (options) => {
    const context = await newContext({ ...options, extraHTTPHeaders: { "Sec-GPC": "1" } });
    await context.addInitScript(() => {
      Object.defineProperty(Navigator.prototype, "globalPrivacyControl", { get: () => true });
    });
    return context;
  };
}

async function launchChromium() {
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      "--headless",
      // Statistics leave bots out, and headless Chromium says that it is one. Not by a context's
      // user agent: beacons would still tell the truth.
      `--user-agent=${USER_AGENT}`,
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
    // Playwright switches the back/forward cache off; it is part of what is tested.
    ignoreDefaultArgs: ["--disable-back-forward-cache"],
  });
  return { browser, close: () => browser.close() };
}

async function launchFirefox(firefoxUserPrefs) {
  // An own HOME: Firefox refuses one that belongs to another user, and leaves files in it.
  const home = await mkdtemp(join(tmpdir(), "clew-firefox-"));
  const browser = await firefox.launch({
    channel: "moz-firefox",
    executablePath: FIREFOX,
    firefoxUserPrefs,
    env: { ...process.env, HOME: home },
  });
  const close = async () => {
    await browser.close();
    await rm(home, { recursive: true, force: true });
  };
  return { browser, close };
}
