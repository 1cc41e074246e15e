import { t } from "../lib/i18n";
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
      <section
        aria-label={t("Code: {label}", { label })}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        className="overflow-x-auto"
      >
        <pre className="w-fit p-3.5 font-mono text-sm leading-relaxed">
          <code>{code}</code>
        </pre>
      </section>
    </figure>
  );
}
