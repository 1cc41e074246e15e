import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, firefox } from "playwright-core";

const CHROMIUM = process.env.CLEW_CHROMIUM ?? "/usr/bin/chromium";
const FIREFOX = process.env.CLEW_FIREFOX ?? "/usr/bin/firefox-esr";

const USER_AGENT =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";

/** Starts Debian's browser and returns it with what ends it. */
export async function launch(name) {
  return name === "chromium" ? launchChromium() : launchFirefox();
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

async function launchFirefox() {
  // An own HOME: Firefox refuses one that belongs to another user, and leaves files in it.
  const home = await mkdtemp(join(tmpdir(), "clew-firefox-"));
  const browser = await firefox.launch({
    channel: "moz-firefox",
    executablePath: FIREFOX,
    env: { ...process.env, HOME: home },
  });
  const close = async () => {
    await browser.close();
    await rm(home, { recursive: true, force: true });
  };
  return { browser, close };
}
