import { mkdir, readFile, writeFile } from "node:fs/promises";
import { compile } from "json-schema-to-typescript";

/** Writes the API's schemas as TypeScript. The file is derived from api/openapi.json and ignored by
 *  git; it is touched only when its text changes, so that a build stays up to date. */
const SOURCE = new URL("../../api/openapi.json", import.meta.url);
const TARGET = new URL("../src/api/generated/schema.ts", import.meta.url);

const description = JSON.parse(
  (await readFile(SOURCE, "utf8")).replaceAll("#/components/schemas/", "#/$defs/"),
);
const text = await compile(
  {
    title: "Schemas",
    type: "object",
    additionalProperties: false,
    $defs: description.components.schemas,
  },
  "Schemas",
  {
    unreachableDefinitions: true,
    additionalProperties: false,
    // How long a list may be is checked by the server; as a tuple it would fit no list.
    ignoreMinAndMaxItems: true,
    bannerComment: "",
  },
);
if ((await readFile(TARGET, "utf8").catch(() => "")) !== text) {
  await mkdir(new URL(".", TARGET), { recursive: true });
  await writeFile(TARGET, text);
}
