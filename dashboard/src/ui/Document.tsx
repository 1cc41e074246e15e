import { t } from "../lib/i18n";
import { type Block, parseMarkdown, type Span } from "../lib/markdown";
import { type Column, Table } from "./Table";

/** A document that the server wrote as Markdown. Its headings stand below those of the page. */
export function Document({ source }: { source: string }) {
  return (
    <div className="flex flex-col gap-3 text-sm">
      {parseMarkdown(source).map((block, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a document does not change by itself
        <BlockView key={i} block={block} />
      ))}
    </div>
  );
}

function BlockView({ block }: { block: Block }) {
  switch (block.kind) {
    case "heading":
      return block.level <= 2 ? (
        <h3 className="mt-3 text-base font-semibold first:mt-0">
          <Spans spans={block.spans} />
        </h3>
      ) : (
        <h4 className="mt-1 font-semibold">
          <Spans spans={block.spans} />
        </h4>
      );
    case "paragraph":
      return (
        <p className="max-w-3xl wrap-anywhere">
          <Spans spans={block.spans} />
        </p>
      );
    case "list":
      return (
        <ul className="list-disc pl-5 wrap-anywhere marker:text-muted">
          {block.items.map((item, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a document does not change by itself
            <li key={i} className="mt-0.5">
              <Spans spans={item} />
            </li>
          ))}
        </ul>
      );
    case "table":
      return <DocumentTable head={block.head} rows={block.rows} />;
  }
}

function DocumentTable({ head, rows }: { head: Span[][]; rows: Span[][][] }) {
  const columns: Column<{ key: string; cells: Span[][] }>[] = head.map((title, i) => ({
    key: String(i),
    head: <Spans spans={title} />,
    isName: i === 0,
    className: "min-w-32 align-top",
    cell: ({ cells }) => <Spans spans={cells[i] ?? []} />,
  }));
  return (
    <Table
      caption={head.map(plain).filter(Boolean).join(", ") || t("Facts")}
      columns={columns}
      rows={rows.map((cells, i) => ({ key: String(i), cells }))}
      rowKey={({ key }) => key}
    />
  );
}

const plain = (spans: Span[]) => spans.map(({ text }) => text).join("");

function Spans({ spans }: { spans: Span[] }) {
  return spans.map(({ text, as }, i) => {
    const key = `${i}`;
    if (as === "strong") return <strong key={key}>{text}</strong>;
    if (as === "code") {
      return (
        <code key={key} className="rounded-s bg-sunken px-1 font-mono text-xs">
          {text}
        </code>
      );
    }
    return <span key={key}>{text}</span>;
  });
}
