import { type ReactNode, useState } from "react";
import { t } from "../lib/i18n";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { Field } from "./Field";
import { Input } from "./Input";

interface Props {
  open: boolean;
  onClose: () => void;
  onConfirm: () => unknown;
  title: string;
  description: ReactNode;
  /** Names the deed: "Delete site", never "OK". */
  confirm: string;
  /** Has to be typed before the deed; for what cannot be undone. */
  typed?: string;
  tone?: "danger" | "primary";
  loading?: boolean;
  error?: ReactNode;
}

/** Asks before something that cannot be undone. */
export function ConfirmDialog(props: Props) {
  const { open, onClose, onConfirm, title, description, confirm, typed, tone = "danger" } = props;
  const [text, setText] = useState("");
  const close = () => {
    setText("");
    onClose();
  };
  return (
    <Dialog
      open={open}
      onClose={close}
      title={title}
      description={description}
      footer={
        <>
          <Button onClick={close}>{t("Cancel")}</Button>
          <Button
            variant={tone}
            loading={props.loading}
            disabled={typed !== undefined && text.trim() !== typed}
            onClick={onConfirm}
          >
            {confirm}
          </Button>
        </>
      }
    >
      {(typed !== undefined || props.error) && (
        <>
          {typed !== undefined && (
            <Field label={t("Type “{name}” to confirm", { name: typed })}>
              <Input
                data-autofocus
                value={text}
                autoComplete="off"
                onChange={(event) => setText(event.target.value)}
              />
            </Field>
          )}
          {props.error && (
            <p role="alert" className="mt-3 text-sm text-bad">
              {props.error}
            </p>
          )}
        </>
      )}
    </Dialog>
  );
}
