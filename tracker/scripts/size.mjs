import { readFile } from "node:fs/promises";
import { CHUNKS, FAMILIES, VARIANTS } from "./variants.mjs";

/** The size gate: prints every script with its limit, fails when one is over. */
const manifest = JSON.parse(await readFile("dist/manifest.json", "utf8"));
let over = 0;
let total = 0;
gate(manifest.cores, VARIANTS);
gate(manifest.chunks, CHUNKS);
console.log(`total gzip ${total} of 50000`);
if (total > 50000) over++;
gate(manifest.families, FAMILIES);
if (over) process.exit(1);

function gate(built, limits) {
  for (const { name, limit } of limits)
    check(
      built.find((entry) => entry.name === name),
      limit,
    );
}

function check(script, limit) {
  const verdict = script.gzip <= limit ? "ok" : "TOO LARGE";
  if (script.gzip > limit) over++;
  total += script.gzip;
  console.log(
    `${script.name.padEnd(12)} ${String(script.bytes).padStart(6)} B  gzip ${String(script.gzip).padStart(5)} of ${limit}  brotli ${String(script.brotli).padStart(5)}  ${verdict}`,
  );
}
