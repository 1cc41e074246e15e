import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { launch } from "../../tracker/test/e2e/support/browsers.mjs";
import { startServer } from "./support/server.mjs";
import { watch } from "./support/watch.mjs";

/** Runs every check of `checks/` in Chromium and Firefox, each against a real server of its own
 *  (`CLEW_BIN`) with fresh data. A check is
 *  `{name, only?, alone?, expected?, viewport?, locale?, run}`; `alone`: it needs the focus, which one
 *  window at a time has; `only` names the one browser that it is for, `expected` the refusals that it provokes. It fails
 *  also by anything that the browser complains about. `npm run e2e -- <part of a name>` runs some,
 *  `CLEW_BROWSERS=chromium` one browser. */
const filter = process.argv[2] ?? "";
const browsers = (process.env.CLEW_BROWSERS ?? "chromium,firefox").split(",");
const WORKERS = 2;
/** Of a whole check, and of one step. */
const TIMEOUT = 180_000;
const PATIENCE = 15_000;

if (!process.env.CLEW_BIN) {
  console.log("CLEW_BIN must name the server");
  process.exit(1);
}

const folder = join(import.meta.dirname, "checks");
const checks = [];
for (const file of (await readdir(folder)).sort()) {
  checks.push(...(await import(join(folder, file))).default);
}

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
  const open = [];
  let server;
  try {
    server = await startServer();
    const newContext = async (options) => {
      const context = await browser.newContext(options);
      context.setDefaultTimeout(PATIENCE);
      const complaints = await watch(context, check.expected);
      open.push({ context, complaints });
      return context;
    };
    const { viewport = { width: 1280, height: 900 }, locale = "en-GB" } = check;
    const context = await newContext({ viewport, locale });
    const page = await context.newPage();
    await within(check.run({ page, context, newContext, server, browserName: name }));
    const complaints = open.flatMap((one) => one.complaints);
    if (complaints.length) throw new Error(`the browser complained:\n${complaints.join("\n")}`);
    passed++;
    console.log(`ok   ${name.padEnd(8)} ${check.name} (${Date.now() - began} ms)`);
  } catch (error) {
    failed++;
    const complaints = open.flatMap((one) => one.complaints);
    console.log(`FAIL ${name.padEnd(8)} ${check.name}: ${error.stack}`);
    if (complaints.length) console.log(`--- browser ---\n${complaints.join("\n")}`);
    if (server) console.log(`--- server ---\n${server.log.slice(-1500)}`);
    await picture(open, name, check);
  } finally {
    for (const { context } of open) await context.close();
    await server?.stop();
  }
}

/** What the failed check saw last, where `CLEW_SHOTS` says that pictures are wanted. */
async function picture(open, name, check) {
  const target = process.env.CLEW_SHOTS;
  const page = open[0]?.context.pages()[0];
  if (!target || !page) return;
  const file = join(target, `failed-${name}-${check.name.replace(/\W+/g, "-")}.png`);
  await page.screenshot({ path: file }).catch((error) => console.log(`no picture: ${error}`));
}

function within(promise) {
  let timer;
  const late = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error(`took longer than ${TIMEOUT} ms`)), TIMEOUT);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
