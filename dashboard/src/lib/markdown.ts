/** The Markdown of documents that the server writes: headings, paragraphs, lists, tables, `code` and
 *  **strong**. Anything else stays the text that it is; nothing of it becomes markup by itself. */

export interface Span {
  text: string;
  as?: "code" | "strong";
}

export type Block =
  | { kind: "heading"; level: number; spans: Span[] }
  | { kind: "paragraph"; spans: Span[] }
  | { kind: "list"; items: Span[][] }
  | { kind: "table"; head: Span[][]; rows: Span[][][] };

export function parseMarkdown(source: string): Block[] {
  const blocks: Block[] = [];
  const lines = source.replaceAll("\r\n", "\n").split("\n");
  let at = 0;
  const take = (belongs: (line: string) => boolean): string[] => {
    const from = at;
    while (at < lines.length && belongs(lines[at] ?? "")) at++;
    return lines.slice(from, at);
  };
  while (at < lines.length) {
    const line = lines[at] ?? "";
    const heading = /^(#{1,6})\s+(.*)$/.exec(line);
    if (heading) {
      blocks.push({
        kind: "heading",
        level: heading[1]?.length ?? 1,
        spans: spansOf(heading[2] ?? ""),
      });
      at++;
    } else if (isItem(line)) {
      const items = take(isItem).map((item) => spansOf(item.replace(/^\s*[-*]\s+/, "")));
      blocks.push({ kind: "list", items });
    } else if (isRow(line)) {
      const [head = [], ...rows] = take(isRow)
        .filter((row) => !/^[\s|:-]+$/.test(row))
        .map(cellsOf);
      blocks.push({ kind: "table", head, rows });
    } else if (line.trim() === "") {
      at++;
    } else {
      const text = take((next) => next.trim() !== "" && !/^#{1,6}\s/.test(next) && !isItem(next));
      blocks.push({ kind: "paragraph", spans: spansOf(text.join(" ")) });
    }
  }
  return blocks;
}

const isItem = (line: string) => /^\s*[-*]\s+\S/.test(line);
const isRow = (line: string) => line.startsWith("|");

function cellsOf(row: string): Span[][] {
  const inner = row.trim().replace(/^\|/, "").replace(/\|$/, "");
  return inner.split(/(?<!\\)\|/).map((cell) => spansOf(cell.trim().replaceAll("\\|", "|")));
}

function spansOf(text: string): Span[] {
  const spans: Span[] = [];
  for (const part of text.split(/(`[^`]+`|\*\*[^*]+\*\*)/)) {
    if (part === "") continue;
    if (/^`[^`]+`$/.test(part)) spans.push({ text: part.slice(1, -1), as: "code" });
    else if (/^\*\*[^*]+\*\*$/.test(part)) spans.push({ text: part.slice(2, -2), as: "strong" });
    else spans.push({ text: part });
  }
  return spans;
}
