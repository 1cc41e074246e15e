import { gzipSync } from "node:zlib";
import { parse } from "acorn";
import { minify } from "terser";

const NAMES = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const NAMINGS = 16;
const ROUNDS_EACH = 800;
const ROUNDS_FINAL = 10000;

/** Puts the functions of a minified script in an order, and gives its variables names, that
 *  compress well: gzip finds repeats the sooner the closer and the more alike they are.
 *  Declarations are hoisted and names are private, so neither has a meaning. The search is seeded:
 *  the same input gives the same output on every machine. */
export async function arrange(code) {
  const below = seededBelow(1);
  let best = search(code, ROUNDS_EACH, below);
  for (let naming = 1; naming < NAMINGS; naming++) {
    const unused = NAMES.split("").filter(() => below(5) === 0);
    const renamed = await minify(best, {
      ecma: 5,
      compress: false,
      mangle: { toplevel: true, reserved: unused },
      format: { ascii_only: true },
    });
    const found = search(renamed.code, ROUNDS_EACH, below);
    if (size(found) < size(best)) best = found;
  }
  return search(best, ROUNDS_FINAL, below);
}

/** Moves one function at a time and keeps what does not grow. */
function search(code, rounds, below) {
  const body = parse(code, { ecmaVersion: 5 }).body[0].expression?.argument?.callee.body;
  if (!body) return code;
  const text = (node) => code.slice(node.start, node.end);
  const isFunction = (node) => node.type === "FunctionDeclaration";
  const statements = body.body.filter((node) => !isFunction(node)).map(text);
  const assemble = (functions) =>
    code.slice(0, body.start + 1) +
    functions.join("") +
    // Without the functions between them, the variables' declarations are one.
    statements.join("").replaceAll(";var ", ",").replace(/;$/, "") +
    code.slice(body.end - 1);

  let best = body.body.filter(isFunction).map(text);
  let smallest = size(assemble(best));
  for (let round = 0; round < rounds && best.length; round++) {
    const order = best.slice();
    const [moved] = order.splice(below(order.length), 1);
    order.splice(below(order.length + 1), 0, moved);
    const bytes = size(assemble(order));
    if (bytes <= smallest) {
      smallest = bytes;
      best = order;
    }
  }
  return assemble(best);
}

function size(text) {
  return gzipSync(text, { level: 9 }).length;
}

/** mulberry32: a random integer below `limit`. */
function seededBelow(seed) {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % limit;
  };
}
