import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../src", import.meta.url));

/** Who may import whom: `ui, lib, api ← features ← app`, and nothing below knows what is above. */
const MAY: Record<string, readonly string[]> = {
  lib: ["lib"],
  ui: ["ui", "lib"],
  api: ["api", "lib"],
  features: ["features", "ui", "lib", "api"],
  app: ["app", "features", "ui", "lib", "api", "styles"],
};

function imports(): { file: string; from: string; to: string }[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => /\.tsx?$/.test(entry.name))
    .flatMap((entry) => {
      const path = join(entry.parentPath, entry.name);
      const file = relative(root, path);
      const source = readFileSync(path, "utf8");
      return [...source.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map((found) => ({
        file,
        from: file.split("/")[0] ?? "",
        to: relative(root, join(entry.parentPath, found[1] ?? "")).split("/")[0] ?? "",
      }));
    });
}

describe("the folders", () => {
  it("import only what lies below them", () => {
    const all = imports();
    expect(all.length).toBeGreaterThan(100);
    expect(all.filter(({ from, to }) => !MAY[from]?.includes(to))).toEqual([]);
  });

  it("call the server in one place", () => {
    const callers = readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => /\.tsx?$/.test(entry.name) && !entry.name.includes(".test."))
      .map((entry) => join(entry.parentPath, entry.name))
      // What visitors are to copy calls servers of theirs.
      .filter((path) => !path.includes("/recipes/"))
      .filter((path) => /\bfetch\(/.test(readFileSync(path, "utf8")))
      .map((path) => relative(root, path));
    expect(callers).toEqual(["api/client.ts"]);
  });
});
