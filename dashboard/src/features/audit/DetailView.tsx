import { ArrowRight } from "lucide-react";
import { t } from "../../lib/i18n";
import { detailOf, NOTHING } from "./detail";

/** Field by field what was, and what is. */
export function DetailView({ detail }: { detail: unknown }) {
  const { changes, facts } = detailOf(detail);
  return (
    <ul className="flex max-w-md flex-col gap-0.5 text-xs wrap-anywhere">
      {changes.map(({ field, values }) => (
        <li key={field}>
          <span className="font-medium">{field}</span>{" "}
          {values ? (
            <>
              {values.old !== NOTHING && (
                <>
                  <del className="rounded-s bg-bad-soft px-1 text-bad no-underline">
                    <span className="sr-only">{t("from")} </span>
                    <bdi translate="no">{values.old}</bdi>
                  </del>{" "}
                  <ArrowRight size={11} aria-hidden="true" className="inline text-muted" />{" "}
                </>
              )}
              <ins className="rounded-s bg-good-soft px-1 text-good no-underline">
                <span className="sr-only">{t("to")} </span>
                <bdi translate="no">{values.new}</bdi>
              </ins>
            </>
          ) : (
            <span className="text-muted">{t("changed")}</span>
          )}
        </li>
      ))}
      {facts.map(([name, value]) => (
        <li key={name} className="text-muted">
          {name} <bdi translate="no">{value}</bdi>
        </li>
      ))}
    </ul>
  );
}
