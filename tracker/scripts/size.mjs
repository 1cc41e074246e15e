import { readFile } from "node:fs/promises";
import { CHUNKS, VARIANTS } from "./variants.mjs";

/** The size gate: prints every script with its limit, fails when one is over. */
const manifest = JSON.parse(await readFile("dist/manifest.json", "utf8"));
const built = [...manifest.cores, ...manifest.chunks];
let over = 0;
let total = 0;
for (const { name, limit } of [...VARIANTS, ...CHUNKS]) {
  const script = built.find((entry) => entry.name === name);
  const verdict = script.gzip <= limit ? "ok" : "TOO LARGE";
  if (script.gzip > limit) over++;
  total += script.gzip;
  console.log(
    `${name.padEnd(12)} ${String(script.bytes).padStart(6)} B  gzip ${String(script.gzip).padStart(5)} of ${limit}  brotli ${String(script.brotli).padStart(5)}  ${verdict}`,
  );
}
console.log(`total gzip ${total} of 50000`);
if (over || total > 50000) process.exit(1);
