import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { open, openPages, SIGNED_IN_PAGES, seeAll, setUpPages } from "../support/pages.mjs";
import { invite, signInOwner } from "../support/people.mjs";
import { addSite } from "../support/server.mjs";
import { texts } from "../support/text.mjs";
import { seedVisits } from "../support/traffic.mjs";

const SOURCES = join(import.meta.dirname, "../../src");
/** For whoever builds the app, not for people who use it. */
const UNTRANSLATED = new Set(["gallery"]);

/** English text → German text, of all catalogues of the app. */
function catalogue() {
  const files = readdirSync(SOURCES, { recursive: true }).filter((name) => /de\.json$/.test(name));
  const all = files.map((name) => JSON.parse(readFileSync(join(SOURCES, name), "utf8")));
  return new Map(all.flatMap(Object.entries));
}

/** Whole texts only: a placeholder's value is data and may be English. */
const isPlain = (text) => !/[{<]/.test(text);

export default [
  {
    name: "a reader of German finds no English text on any page",
    only: "chromium",
    locale: "de-DE",
    async run({ page, context, newContext, server }) {
      const known = catalogue();
      const german = new Set(known.values());
      const left = [];
      const read = async (reader, pages) => {
        for (const { name, path } of pages.filter((one) => !UNTRANSLATED.has(one.name))) {
          await open(reader, server, path);
          await seeAll(reader);
          const shown = await texts(reader);
          if ((await reader.locator("html").getAttribute("lang")) !== "de")
            throw new Error(`${name} is not marked as German`);
          if (!shown.some((text) => german.has(text))) left.push(`${name}: nothing German`);
          for (const text of shown) {
            const isEnglish = isPlain(text) && known.has(text) && known.get(text) !== text;
            if (isEnglish && !german.has(text)) left.push(`${name}: ${text}`);
          }
        }
      };
      const stranger = await (await newContext({ locale: "de-DE" })).newPage();
      await read(stranger, setUpPages(server));
      await signInOwner(context, server);
      const link = await invite(server, { email: "bo@example.com", name: "Bo", role: "viewer" });
      await read(stranger, openPages(link));
      await addSite(server);
      await seedVisits(server, "shop");
      await read(page, SIGNED_IN_PAGES);
      if (left.length) throw new Error(`not German:\n${left.join("\n")}`);
    },
  },
];
