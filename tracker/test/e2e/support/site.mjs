import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** A page with the tracker in it. `variant` names the core, `attributes` those of its tag. */
export function html({
  title = "A page",
  variant = "standard",
  origin = "",
  attributes = {},
  head = "",
  body = "",
  tag = "async",
} = {}) {
  const list = Object.entries({ "site-id": "site-1", flush: "300", ...attributes })
    .map(([name, value]) => `data-${name}="${value}"`)
    .join(" ");
  return `<!doctype html><html><head><title>${title}</title>
<script>window.clew=window.clew||function(){(clew.q=clew.q||[]).push(arguments)}</script>
${head}<script ${tag} src="${origin}/c/${variant}.js" ${list}></script></head>
<body><p>${title}</p>${body}</body></html>`;
}

const MANIFEST = JSON.parse(
  await readFile(join(import.meta.dirname, "../../../dist/manifest.json"), "utf8"),
);

/** A page as a site with its own script has it: the variant `full`, settings and modules in
 *  `ClewConfig`, no attributes. */
export function configured(config, { body = "", before = "", api = "" } = {}) {
  const modules = {};
  for (const { name, file, integrity } of MANIFEST.chunks) {
    modules[name] = { url: `${api}/${file}`, integrity };
  }
  const settings = JSON.stringify({ siteId: "site-1", flush: 300, modules, ...config });
  return `<!doctype html><html><head><title>A page</title>
<script>window.clew=window.clew||function(){(clew.q=clew.q||[]).push(arguments)}</script>
<script>${before};window.ClewConfig=${settings}</script>
<script async src="/c/full.js"></script></head><body><p>A page</p>${body}</body></html>`;
}

export const TALL = '<div style="height:4000px"></div>';

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** Makes the page believe that its tab was hidden or shown. */
export function setHidden(page, hidden) {
  return page.evaluate((value) => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => value });
    Object.defineProperty(document, "visibilityState", {
      configurable: true,
      get: () => (value ? "hidden" : "visible"),
    });
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
  }, hidden);
}

export function stored(page) {
  return page.evaluate(() => ({
    local: { ...localStorage },
    session: { ...sessionStorage },
    cookie: document.cookie,
  }));
}
