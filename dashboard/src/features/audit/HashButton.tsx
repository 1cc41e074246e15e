import { t } from "../../lib/i18n";
import { copyText } from "../../ui/CopyButton";
import { toast } from "../../ui/Toast";

/** The beginning of an entry's hash; a click copies the whole of it. */
export function HashButton({ hash, seq }: { hash: string; seq: number }) {
  return (
    <button
      type="button"
      title={hash}
      className="rounded-s px-1 font-mono text-xs text-muted hover:bg-hover hover:text-ink"
      onClick={async () => {
        const done = await copyText(hash);
        toast(done ? t("Copied") : t("The browser did not allow copying."), {
          tone: done ? "good" : "bad",
        });
      }}
    >
      <span className="sr-only">{t("Copy the hash of entry {n}", { n: seq })} </span>
      {hash.slice(0, 8)}
    </button>
  );
}
