import { readdir, readFile, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

/** Writes the compressed forms beside the built files: the server sends these instead of spending
 *  a first visitor's time on them. It takes them only in pairs. */
const DIST = "dist";
const KINDS = new Set([".js", ".css", ".html", ".svg", ".json"]);
/** Below it nothing is won: the headers alone are longer. */
const SMALLEST = 256;

const [gzipped, brotlied] = [promisify(gzip), promisify(brotliCompress)];

async function compress(file) {
  const body = await readFile(file);
  if (body.length <= SMALLEST) return;
  const [gz, br] = await Promise.all([
    gzipped(body, { level: 9 }),
    brotlied(body, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 11,
        [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
      },
    }),
  ]);
  if (Math.max(gz.length, br.length) >= body.length) return;
  await Promise.all([writeFile(`${file}.gz`, gz), writeFile(`${file}.br`, br)]);
}

const entries = await readdir(DIST, { recursive: true, withFileTypes: true });
await Promise.all(
  entries
    .filter((entry) => entry.isFile() && KINDS.has(extname(entry.name)))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    // The build's own list is not for visitors.
    .filter((file) => !file.startsWith(join(DIST, ".vite")))
    .map(compress),
);
