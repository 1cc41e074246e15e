import { useMutation } from "@tanstack/react-query";
import { Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { explain } from "../../api/explain";
import { deleteForm } from "../../api/forms";
import type { Form } from "../../api/types";
import { t } from "../../lib/i18n";
import { useSeen } from "../../lib/seen";
import { Badge } from "../../ui/Badge";
import { Card } from "../../ui/Card";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { Fact, Facts } from "../../ui/Facts";
import { IconButton } from "../../ui/IconButton";
import { toast } from "../../ui/Toast";
import { FieldList } from "./FieldList";
import { FormDialog } from "./FormDialog";

/** A form with its fields, which are asked for once the card is seen. */
export function FormCard({ form, mayChange }: { form: Form; mayChange: boolean }) {
  const [ref, seen] = useSeen<HTMLDivElement>();
  return (
    <div ref={ref}>
      <Card
        title={
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
            {form.formName}
            {!form.isActive && <Badge tone="warn">{t("Paused")}</Badge>}
          </span>
        }
        actions={mayChange && <Actions form={form} />}
      >
        <Facts>
          <Fact name={t("Page")}>
            <Code text={form.pageUrl} />
          </Fact>
          <Fact name={t("Found by")}>
            {[form.formSelector, ...form.alternativeSelectors].map((selector, n) => (
              // A selector may be among its own alternatives.
              // biome-ignore lint/suspicious/noArrayIndexKey: the list is shown as it stands
              <span key={n} className="block">
                {n > 0 && <span className="text-muted">{t("else")} </span>}
                <Code text={selector} />
              </span>
            ))}
          </Fact>
        </Facts>
        <FieldList form={form} seen={seen} mayChange={mayChange} />
      </Card>
    </div>
  );
}

const Code = ({ text }: { text: string }) => (
  <code translate="no" className="font-mono text-sm wrap-anywhere">
    {text}
  </code>
);

function Actions({ form }: { form: Form }) {
  const [open, setOpen] = useState<"edit" | "delete" | null>(null);
  const { formName: name } = form;
  const close = () => setOpen(null);
  const remove = useMutation({
    mutationFn: () => deleteForm(form),
    onSuccess: () => {
      close();
      toast(t("The form {name} is deleted.", { name }));
    },
  });
  return (
    <>
      <IconButton
        size="sm"
        label={t("Edit {name}", { name })}
        icon={<Pencil size={15} />}
        onClick={() => setOpen("edit")}
      />
      <IconButton
        size="sm"
        label={t("Delete {name}", { name })}
        icon={<Trash2 size={15} />}
        onClick={() => setOpen("delete")}
      />
      {open === "edit" && <FormDialog siteId={form.clientId} form={form} onClose={close} />}
      <ConfirmDialog
        open={open === "delete"}
        onClose={close}
        onConfirm={() => remove.mutate()}
        loading={remove.isPending}
        error={remove.error && explain(remove.error).text}
        title={t("Delete the form {name}?", { name })}
        description={t(
          "Its fields go with it. What it has sent stays and names no form any more. This cannot be undone.",
        )}
        confirm={t("Delete the form")}
      />
    </>
  );
}
