import fc from "fast-check";
import { expect, it } from "vitest";
import { parseMarkdown } from "./markdown";

it("reads what the server writes", () => {
  const source =
    "# Record\n\nOf **Shop**, kept\nby `clew`.\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | x\\|y |\n";
  expect(parseMarkdown(source)).toEqual([
    { kind: "heading", level: 1, spans: [{ text: "Record" }] },
    {
      kind: "paragraph",
      spans: [
        { text: "Of " },
        { text: "Shop", as: "strong" },
        { text: ", kept by " },
        { text: "clew", as: "code" },
        { text: "." },
      ],
    },
    { kind: "list", items: [[{ text: "one" }], [{ text: "two" }]] },
    {
      kind: "table",
      head: [[{ text: "a" }], [{ text: "b" }]],
      rows: [[[{ text: "1" }], [{ text: "x|y" }]]],
    },
  ]);
});

it("leaves HTML the text that it is", () => {
  const [block] = parseMarkdown("<img src=x onerror=alert(1)>");
  expect(block).toEqual({
    kind: "paragraph",
    spans: [{ text: "<img src=x onerror=alert(1)>" }],
  });
});

it("comes to an end whatever it reads, and loses no letter", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."#|-*` \nab\\") }), (source) => {
      const said = JSON.stringify(parseMarkdown(source));
      const letters = (text: string) => text.replace(/[^ab]/g, "").length;
      expect(
        letters(
          said.replace(
            /"(kind|level|spans|text|as|items|head|rows|heading|paragraph|list|table|code|strong)"/g,
            "",
          ),
        ),
      ).toBe(letters(source));
    }),
  );
});
