import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { launch } from "./support/browsers.mjs";
import { Collector } from "./support/collector.mjs";

/** A check is `{name, only?, alone?, logsErrors?, run}`. `alone`: it needs the focus, which one
 *  window at a time has. `logsErrors`: the browser itself complains about
 *  what the check provokes (Firefox reports that as an error of the page).
 *  Runs every check of `checks/` in Chromium and Firefox. `npm run e2e -- <part of a name>` runs
 *  some, `CLEW_BROWSERS=chromium` one browser; `CLEW_BIN` names the server for the checks that
 *  measure the whole way, and without it they do not run. */
const filter = process.argv[2] ?? "";
const browsers = (process.env.CLEW_BROWSERS ?? "chromium,firefox").split(",");
const WORKERS = 3;
const TIMEOUT = 60_000;

const folder = join(import.meta.dirname, "checks");
const checks = [];
for (const file of (await readdir(folder)).sort()) {
  checks.push(...(await import(join(folder, file))).default);
}

if (!process.env.CLEW_BIN)
  console.log("CLEW_BIN is not set: the checks against the real server do not run");

let passed = 0;
let failed = 0;
for (const name of browsers) {
  const { browser, close } = await launch(name);
  const wanted = checks.filter(
    (check) => check.name.includes(filter) && (!check.only || check.only === name),
  );
  const alone = wanted.filter((check) => check.alone);
  const waiting = wanted.filter((check) => !check.alone);
  const work = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift())
      await run(check, name, browser);
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
  for (const check of alone) await run(check, name, browser);
  await close();
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed || !passed ? 1 : 0);

async function run(check, name, browser) {
  const began = Date.now();
  const collector = await Collector.start();
  const context = await browser.newContext();
  const errors = [];
  try {
    const page = await context.newPage();
    page.on("pageerror", (error) => errors.push(`page error: ${error.message}`));
    await within(check.run({ page, context, collector, browser, browserName: name }));
    if (errors.length && !check.logsErrors) throw new Error(errors.join("; "));
    passed++;
    console.log(`ok   ${name.padEnd(8)} ${check.name} (${Date.now() - began} ms)`);
  } catch (error) {
    failed++;
    console.log(`FAIL ${name.padEnd(8)} ${check.name}: ${error.stack}`);
  } finally {
    await context.close();
    await collector.stop();
  }
}

function within(promise) {
  let timer;
  const late = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error(`took longer than ${TIMEOUT} ms`)), TIMEOUT);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
