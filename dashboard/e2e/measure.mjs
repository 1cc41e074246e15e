import { launch } from "../../tracker/test/e2e/support/browsers.mjs";
import { open, rows, settled } from "./support/pages.mjs";
import { signInOwner } from "./support/people.mjs";
import { loadSample } from "./support/sample.mjs";
import { addSite, startServer } from "./support/server.mjs";

/** Prints how fast the overview is with `EVENTS` sample events, against the bars of DESIGN. Not a
 *  timed test: figures of a busy machine mean nothing. */
const EVENTS = Number(process.env.EVENTS ?? 1_000_000);
const ROUNDS = 5;

const server = await startServer();
const { browser, close } = await launch("chromium");
const table = [];
try {
  const owner = await browser.newContext();
  await signInOwner(owner, server);
  await addSite(server, { name: "Ariadne Supply", domains: ["ariadne.example"] });
  const began = Date.now();
  await loadSample(server, "shop", { events: EVENTS });
  console.log(`${EVENTS} sample events loaded in ${((Date.now() - began) / 1000).toFixed(1)} s`);
  for (const [slowdown, bar] of [
    [1, 1000],
    [4, 3000],
  ]) {
    const visits = await loads(slowdown);
    const where = slowdown > 1 ? ` at ${slowdown}x CPU throttle` : "";
    add(
      `first visit, interactive${where}`,
      visits.map(({ interactive }) => interactive),
      bar,
    );
    add(
      `first visit, all figures${where}`,
      visits.map(({ shown }) => shown),
    );
  }
  const page = await (await signedInAgain()).newPage();
  for (const period of ["28d", "12mo"])
    add(`filter click, ${period}`, await clicks(page, period), 500);
} finally {
  await close();
  await server.stop();
}
const width = Math.max(...table.map((row) => row.what.length));
for (const { what, median, worst, bar } of table)
  console.log(
    `${what.padEnd(width)}  median ${median} ms  worst ${worst} ms${bar ? `  bar ${bar} ms` : ""}`,
  );
process.exit(table.some(({ median, bar }) => bar && median > bar) ? 1 : 0);

function add(what, times, bar) {
  const sorted = [...times].sort((a, b) => a - b).map(Math.round);
  table.push({ what, median: sorted[sorted.length >> 1], worst: sorted.at(-1), bar });
}

/** From the address to the last figure, each time with an empty cache. */
async function loads(slowdown) {
  const times = [];
  for (let round = 0; round < ROUNDS; round++) {
    const context = await signedInAgain();
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
    await page.goto(`${server.origin}/app/shop`, { waitUntil: "commit" });
    const shown = await quiet(page, slowdown);
    times.push({ shown, interactive: await page.evaluate(() => window.interactiveAt) });
    await context.close();
  }
  return times;
}

/** From a click on a row to the frame in which all figures are the new ones. */
async function clicks(page, period) {
  const times = [];
  for (let round = 0; round < ROUNDS; round++) {
    await open(page, server, `/shop?period=${period}`);
    await quiet(page);
    const row = rows(page, "Sources").nth(round);
    await row.evaluate((element) => {
      const note = () => performance.mark("begin");
      element.addEventListener("click", note, { capture: true, once: true });
    });
    await row.click();
    await page.waitForFunction(() => location.search.includes("f="));
    times.push(await quiet(page));
  }
  return times;
}

async function signedInAgain() {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    storageState: await browser.contexts()[0].storageState(),
  });
  await context.addInitScript(noteFrames);
  return context;
}

/** Runs in the page: notes the end of every frame in which something of the page changed, and of the
 *  first one with something to click on. */
function noteFrames() {
  window.changedAt = [];
  const frameEnds = () =>
    requestAnimationFrame(() =>
      setTimeout(() => {
        window.changedAt.push(performance.now());
        if (document.querySelector("main fieldset button"))
          window.interactiveAt ??= performance.now();
      }),
    );
  new MutationObserver(frameEnds).observe(document, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
  });
}

/** Waits until all reports have come and are shown; the milliseconds from the mark `begin`, or from
 *  the navigation, to the last frame that showed something new. What changes some time after the
 *  last report is the live view and does not count. */
async function quiet(page, slowdown = 1) {
  await settled(page);
  await page.waitForTimeout(2500);
  return page.evaluate((afterwards) => {
    const begin = performance.getEntriesByName("begin").at(-1)?.startTime ?? 0;
    const reports = performance
      .getEntriesByType("resource")
      .filter((entry) => entry.name.includes("/v1/reports/"));
    const last = Math.max(...reports.map((entry) => entry.responseEnd));
    return Math.max(...window.changedAt.filter((at) => at < last + afterwards)) - begin;
  }, slowdown * 300);
}
