import { cx } from "../lib/class";
import { CopyButton } from "./CopyButton";

interface Props {
  code: string;
  /** What it is: a file's name, or what to do with it. */
  label: string;
}

/** Text to be copied as it is. */
export function CodeBlock({ code, label }: Props) {
  return (
    <figure className="min-w-0 overflow-hidden rounded-m border border-line bg-sunken">
      <figcaption className="flex items-center justify-between gap-3 border-b border-line py-1.5 pr-1.5 pl-3.5 text-sm text-muted">
        <span className="min-w-0 truncate">{label}</span>
        <CopyButton text={code} variant="ghost" />
      </figcaption>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        className={cx(
          "overflow-x-auto p-3.5 font-mono text-sm leading-relaxed focus-visible:-outline-offset-2",
          // One long line is shown whole; several keep their shape and scroll.
          code.includes("\n") || "whitespace-pre-wrap wrap-anywhere",
        )}
      >
        <code>{code}</code>
      </pre>
    </figure>
  );
}
