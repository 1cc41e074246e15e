import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { extractTexts } from "./extract-texts.mjs";

/** Prints, for each folder, the texts without a translation and the translations that nobody says. */
const root = fileURLToPath(new URL("../src", import.meta.url));
const only = process.argv[2];
const { folders, built } = await extractTexts(root);
for (const text of built) console.log(`built, not said: ${text}`);
for (const [folder, texts] of folders) {
  if (only && folder !== only) continue;
  const path = join(root, folder, "de.json");
  const catalog = JSON.parse(await readFile(path, "utf8").catch(() => "{}"));
  const missing = [...texts].filter((text) => !catalog[text]);
  const unused = Object.keys(catalog).filter((text) => !texts.has(text));
  if (missing.length + unused.length === 0) continue;
  console.log(`\n${folder}/de.json`);
  for (const text of missing) console.log(`  missing  ${JSON.stringify(text)}: "",`);
  for (const text of unused) console.log(`  unused   ${JSON.stringify(text)}`);
}
