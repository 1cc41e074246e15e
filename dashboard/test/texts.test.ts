import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compileMessage } from "@lingui/message-utils/compileMessage";
import { describe, expect, it } from "vitest";
import { extractTexts, textsOf } from "../scripts/extract-texts.mjs";

const root = fileURLToPath(new URL("../src", import.meta.url));
const { folders, built } = await extractTexts(root);
const catalogs = [...folders].map(([folder, texts]) => ({
  folder,
  texts: [...texts],
  german: catalogOf(folder),
}));

function catalogOf(folder: string): Record<string, string> {
  const path = join(root, folder, "de.json");
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
}

/** The names of a message's placeholders, without regard to their order. */
function placeholders(message: string): string[] {
  const names = new Set<string>();
  const walk = (parts: unknown) => {
    if (!Array.isArray(parts)) return;
    for (const part of parts) {
      if (!Array.isArray(part)) continue;
      names.add(String(part[0]));
      for (const choice of Object.values(part[2] ?? {})) walk(choice);
    }
  };
  walk(compileMessage(message));
  return [...names].sort();
}

describe("texts", () => {
  it("are said as literals, so that they can be found", () => {
    expect(built).toEqual([]);
  });

  it("mean the same wherever two folders say them", () => {
    const seen = new Map<string, string>();
    for (const { german } of catalogs) {
      for (const [english, translation] of Object.entries(german)) {
        expect([english, seen.get(english) ?? translation]).toEqual([english, translation]);
        seen.set(english, translation);
      }
    }
  });

  for (const { folder, texts, german } of catalogs) {
    describe(folder, () => {
      it("has every text in both languages and no translation too many", () => {
        expect(Object.keys(german).sort()).toEqual(texts.sort());
      });

      it("leaves no translation empty", () => {
        expect(Object.entries(german).filter(([, text]) => text.trim() === "")).toEqual([]);
      });

      it("keeps the placeholders in the translation", () => {
        for (const [english, translation] of Object.entries(german)) {
          expect([english, placeholders(translation)]).toEqual([english, placeholders(english)]);
        }
      });
    });
  }
});

describe("the extraction", () => {
  it("finds calls, marks and conditions", () => {
    const source = `t("a"); msg("b"); t(x ? "c" : "d"); t(known);`;
    expect(textsOf("x.tsx", source)).toEqual({
      texts: ["a", "b", "c", "d"],
      built: [],
    });
  });

  it("reports a text that is put together", () => {
    const hole = "$" + "{d}";
    const template = `\`c ${hole}\``;
    expect(textsOf("x.tsx", `t("a" + b); t(${template});`).built).toEqual(['"a" + b', template]);
  });
});
