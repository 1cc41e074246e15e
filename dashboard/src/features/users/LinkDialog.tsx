import type { OneTimeLink } from "../../api/types";
import { moment } from "../../lib/ago";
import { t } from "../../lib/i18n";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { CodeBlock } from "../../ui/CodeBlock";
import { Dialog } from "../../ui/Dialog";

interface Props {
  title: string;
  link: OneTimeLink;
  onClose: () => void;
}

/** A one-time link, which is shown this one time. */
export function LinkDialog({ title, link, onClose }: Props) {
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      footer={
        <Button variant="primary" onClick={onClose}>
          {t("Done")}
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        <p>{t("Send this link to the person. It works once, to choose a password.")}</p>
        <CodeBlock label={t("One-time link")} code={link.url} />
        <Banner tone="warn">
          {t("It is not shown again. Whoever has it can use it until {time}.", {
            time: moment(link.expiresAt),
          })}
        </Banner>
      </div>
    </Dialog>
  );
}
