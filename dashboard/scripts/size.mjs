import { readdir, readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

/** The size gate: everything a first visit loads, gzip -9. */
const LIMIT = 150_000;
let total = 0;
for (const file of await readdir("dist", { recursive: true, withFileTypes: true })) {
  if (!/\.(html|js|css|svg)$/.test(file.name)) continue;
  const bytes = gzipSync(await readFile(`${file.parentPath}/${file.name}`), { level: 9 }).length;
  total += bytes;
  console.log(`${file.name.padEnd(28)} gzip ${bytes}`);
}
console.log(`total gzip ${total} of ${LIMIT}`);
if (total > LIMIT) process.exit(1);
