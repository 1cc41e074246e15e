import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { compile } from "./compile.mjs";
import { CHUNKS, FAMILIES, VARIANTS } from "./variants.mjs";

const { version } = JSON.parse(await readFile("package.json", "utf8"));
const DIST = "dist";

/** Writes the script and its compressed forms; returns its entry of the manifest. */
async function emit(name, fileName, code) {
  const body = Buffer.from(code);
  const gzip = gzipSync(body, { level: 9 });
  const brotli = brotliCompressSync(body, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
    },
  });
  const hash = createHash("sha256").update(body).digest("hex").slice(0, 16);
  const file = fileName(hash);
  await writeFile(`${DIST}/${file}`, body);
  await writeFile(`${DIST}/${file}.gz`, gzip);
  await writeFile(`${DIST}/${file}.br`, brotli);
  return {
    name,
    file,
    bytes: body.length,
    gzip: gzip.length,
    brotli: brotli.length,
    hash,
    integrity: `sha384-${createHash("sha384").update(body).digest("base64")}`,
  };
}

function defines(flags) {
  const values = { VERSION: JSON.stringify(version) };
  for (const flag in flags) values[flag] = String(flags[flag]);
  return values;
}

await rm(DIST, { recursive: true, force: true });
await mkdir(`${DIST}/m`, { recursive: true });
await mkdir(`${DIST}/families`);
const manifest = { version, cores: [], chunks: [], families: [] };
for (const { name, flags } of VARIANTS) {
  const code = await compile("src/core.ts", defines(flags));
  manifest.cores.push(await emit(name, () => `${name}.js`, code));
}
for (const { name } of CHUNKS) {
  const code = await compile(`src/chunks/${name}.ts`, defines({}));
  manifest.chunks.push(await emit(name, (hash) => `m/${name}.${hash}.js`, code));
}
const { flags } = VARIANTS.find((variant) => variant.name === "full");
for (const { name } of FAMILIES) {
  const code = await compile(`src/families/${name}.ts`, defines(flags), { arranged: false });
  manifest.families.push(await emit(name, () => `families/${name}.js`, code));
}
await writeFile(`${DIST}/manifest.json`, `${JSON.stringify(manifest, null, 2)}\n`);
