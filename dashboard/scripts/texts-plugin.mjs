import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compileMessage } from "@lingui/message-utils/compileMessage";
import { extractTexts } from "./extract-texts.mjs";

const PREFIX = "virtual:texts/";
const SOURCES = fileURLToPath(new URL("../src", import.meta.url));

/** A message as the runtime takes it: text without placeholders stays text. */
function compiled(message) {
  const parts = compileMessage(message);
  return parts.length === 1 && typeof parts[0] === "string" ? parts[0] : parts;
}

/** `virtual:texts/<language>`: the compiled catalogue, so that no page loads the compiler. English is
 *  said in the code; its catalogue holds only what has to be compiled. */
export function texts() {
  let serving = false;
  return {
    name: "clew-texts",
    configResolved(config) {
      serving = config.command === "serve";
    },
    resolveId(id) {
      return id.startsWith(PREFIX) ? `\0${id}` : undefined;
    },
    async load(id) {
      if (!id.startsWith(`\0${PREFIX}`)) return undefined;
      const language = id.slice(PREFIX.length + 1);
      const catalog = {};
      // While serving, texts come and go: the library's own compiler takes English as it is said.
      if (language !== "en" || !serving) {
        const { folders } = await extractTexts(SOURCES);
        for (const [folder, said] of folders) {
          const known = language === "en" ? null : await translations(folder, language);
          for (const text of said) {
            const message = known ? known[text] : text;
            const result = message === undefined ? undefined : compiled(message);
            if (result !== undefined && result !== text) catalog[text] = result;
          }
        }
      }
      return `export default ${JSON.stringify(catalog)}`;
    },
    hotUpdate({ file, server }) {
      if (!/\/[a-z]{2}\.json$/.test(file)) return;
      const { moduleGraph } = this.environment;
      for (const module of moduleGraph.idToModuleMap.values()) {
        if (module.id?.startsWith(`\0${PREFIX}`)) moduleGraph.invalidateModule(module);
      }
      server.ws.send({ type: "full-reload" });
    },
  };
}

async function translations(folder, language) {
  return JSON.parse(
    await readFile(join(SOURCES, folder, `${language}.json`), "utf8").catch(() => "{}"),
  );
}
