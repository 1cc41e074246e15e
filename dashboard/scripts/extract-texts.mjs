import { readdir, readFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { parseSync, Visitor } from "vite";

/** The folder whose catalogue a source file speaks from: `features/users`, `ui/charts`, `ui`. */
function owner(file) {
  return dirname(file).split(sep).slice(0, 2).join("/");
}

/** The literal of an expression, or null: `"…"` and `` `…` `` without holes are literals. */
function literal(node) {
  if (node?.type === "Literal" && typeof node.value === "string") return node.value;
  if (node?.type === "TemplateLiteral" && node.expressions.length === 0) {
    return node.quasis[0].value.cooked;
  }
  return null;
}

/** Whether an expression builds its text: such a text cannot be found in a catalogue. */
function isBuilt(node) {
  return node?.type === "BinaryExpression" || node?.type === "TemplateLiteral";
}

/** The texts that one source says, and the places where a text is built instead of said. */
export function textsOf(file, source) {
  const texts = [];
  const built = [];
  const say = (node) => {
    const text = literal(node);
    if (text !== null) texts.push(text);
    else if (node?.type === "ConditionalExpression") {
      say(node.consequent);
      say(node.alternate);
    } else if (isBuilt(node)) built.push(source.slice(node.start, node.end));
  };
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`);
  new Visitor({
    CallExpression(node) {
      if (node.callee.type === "Identifier" && /^(t|msg)$/.test(node.callee.name)) {
        say(node.arguments[0]);
      }
    },
  }).visit(program);
  return { texts, built };
}

/** Every catalogue's texts by folder: `{ "features/users": Set, ui: Set, … }`. */
export async function extractTexts(root) {
  const folders = new Map();
  const built = [];
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!/\.tsx?$/.test(entry.name) || /\.test\.tsx?$/.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    const file = relative(root, path);
    const found = textsOf(path, await readFile(path, "utf8"));
    for (const text of found.built) built.push(`${file}: ${text}`);
    if (found.texts.length === 0) continue;
    const folder = owner(file);
    if (!folders.has(folder)) folders.set(folder, new Set());
    for (const text of found.texts) folders.get(folder).add(text);
  }
  return { folders, built };
}
