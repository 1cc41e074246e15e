import type { MadeKey } from "../../api/keys";
import { t } from "../../lib/i18n";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { CodeBlock } from "../../ui/CodeBlock";
import { Dialog } from "../../ui/Dialog";

interface Props {
  made: MadeKey;
  /** An address that this key opens, to try it; null when there is none to try. */
  tryPath: string | null;
  onClose: () => void;
}

/** Shows the secret of a new key, the only time that anybody can. */
export function SecretDialog({ made: { name, secret }, tryPath, onClose }: Props) {
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("The key {name}", { name })}
      footer={
        <Button variant="primary" onClick={onClose}>
          {t("Done")}
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        <CodeBlock label={t("Secret key")} code={secret} />
        <Banner tone="warn" title={t("Copy it now")}>
          {t("It is not shown again. Keep it on servers only, never in a page.")}
        </Banner>
        {tryPath && (
          <CodeBlock
            label={t("To try it")}
            code={`curl -H "Authorization: Bearer ${secret}" "${location.origin}${tryPath}"`}
          />
        )}
      </div>
    </Dialog>
  );
}
