import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

/** The size gate: the JavaScript that each page's first visit loads, gzip -9. That is the entry and
 *  the page with all that they import; what either loads later on demand is not in it. */
const LIMIT = 150_000;
const manifest = JSON.parse(await readFile("dist/.vite/manifest.json", "utf8"));

const sizes = new Map();
async function gzipped(file) {
  if (!sizes.has(file))
    sizes.set(file, gzipSync(await readFile(`dist/${file}`), { level: 9 }).length);
  return sizes.get(file);
}

/** The keys of a chunk and everything it imports statically. */
function closure(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of manifest[key].imports ?? []) closure(next, seen);
  return seen;
}

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const pages = Object.keys(manifest).filter((key) => key.endsWith("Page.tsx"));
let heaviest = 0;
for (const page of pages) {
  let total = 0;
  for (const key of new Set([...closure(entry), ...closure(page)])) {
    total += await gzipped(manifest[key].file);
  }
  heaviest = Math.max(heaviest, total);
  console.log(`${page.split("/").at(-1).padEnd(28)} gzip ${total}`);
}
console.log(`heaviest of ${pages.length} pages: gzip ${heaviest} of ${LIMIT}`);
if (pages.length === 0 || heaviest > LIMIT) process.exit(1);
