import type { ReactNode } from "react";
import { cx } from "../lib/class";

export interface Column<R> {
  key: string;
  head: ReactNode;
  cell: (row: R) => ReactNode;
  align?: "end";
  /** How the rows are sorted by it, if they are. */
  sorted?: "ascending" | "descending";
  /** The column that names the row. */
  isName?: boolean;
  className?: string;
}

interface Props<R> {
  /** Names the table for those who do not see it. */
  caption: string;
  columns: readonly Column<R>[];
  rows: readonly R[];
  rowKey: (row: R) => string;
  className?: string;
}

/** Rows and columns. Where it is too wide for the window it scrolls by itself, also with the keys. */
export function Table<R>({ caption, columns, rows, rowKey, className }: Props<R>) {
  return (
    <section
      aria-label={caption}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className={cx("relative overflow-x-auto", className)}
    >
      <table className="w-full border-collapse text-left text-sm">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr className="border-b border-line text-muted">
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                aria-sort={column.sorted}
                className={cx(
                  "px-3 py-2.5 font-medium whitespace-nowrap first:pl-0 last:pr-0",
                  column.align && "text-right",
                  column.className,
                )}
              >
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} className="border-b border-line/70 last:border-0">
              {columns.map((column) => {
                const Cell = column.isName ? "th" : "td";
                return (
                  <Cell
                    key={column.key}
                    scope={column.isName ? "row" : undefined}
                    className={cx(
                      "px-3 py-3 align-middle font-normal first:pl-0 last:pr-0",
                      column.align && "text-right",
                      column.className,
                    )}
                  >
                    {column.cell(row)}
                  </Cell>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
