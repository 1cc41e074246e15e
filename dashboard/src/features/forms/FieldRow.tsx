import { useMutation } from "@tanstack/react-query";
import { ArrowDown, ArrowUp, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { explain } from "../../api/explain";
import { deleteField } from "../../api/forms";
import type { FormField } from "../../api/types";
import { t } from "../../lib/i18n";
import { Badge } from "../../ui/Badge";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { IconButton } from "../../ui/IconButton";
import { toast } from "../../ui/Toast";
import { FieldDialog } from "./FieldDialog";
import { typeName } from "./types";

interface Props {
  field: FormField;
  /** From 1, of so many. */
  place: number;
  count: number;
  /** Absent for whoever may only look. */
  onMove?: (by: -1 | 1) => void;
}

/** One field of a form. */
export function FieldRow({ field, place, count, onMove }: Props) {
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2 pr-2 pl-3.5">
      <div className="min-w-0 flex-1 basis-52">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span translate="no" className="font-medium wrap-anywhere">
            {field.fieldName}
          </span>
          {field.label && <span className="text-sm text-muted wrap-anywhere">{field.label}</span>}
          <Badge>
            <span className="max-w-40 truncate">{typeName(field.fieldType)}</span>
          </Badge>
          {field.isRequired && <Badge tone="accent">{t("Required")}</Badge>}
        </p>
        <code translate="no" className="font-mono text-xs text-muted wrap-anywhere">
          {field.fieldSelector}
        </code>
      </div>
      {onMove && <Actions field={field} place={place} count={count} onMove={onMove} />}
    </li>
  );
}

function Actions({ field, place, count, onMove }: Required<Props>) {
  const [open, setOpen] = useState<"edit" | "delete" | null>(null);
  const { fieldName: name } = field;
  const close = () => setOpen(null);
  const remove = useMutation({
    mutationFn: () => deleteField(field),
    onSuccess: () => {
      close();
      toast(t("The field {name} is deleted.", { name }));
    },
  });
  return (
    <span className="ml-auto flex">
      <IconButton
        size="sm"
        label={t("Move {name} up", { name })}
        icon={<ArrowUp size={15} />}
        aria-disabled={place === 1}
        className="aria-disabled:opacity-40"
        onClick={() => onMove(-1)}
      />
      <IconButton
        size="sm"
        label={t("Move {name} down", { name })}
        icon={<ArrowDown size={15} />}
        aria-disabled={place === count}
        className="aria-disabled:opacity-40"
        onClick={() => onMove(1)}
      />
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
      {open === "edit" && <FieldDialog formId={field.formId} field={field} onClose={close} />}
      <ConfirmDialog
        open={open === "delete"}
        onClose={close}
        onConfirm={() => remove.mutate()}
        loading={remove.isPending}
        error={remove.error && explain(remove.error).text}
        title={t("Delete the field {name}?", { name })}
        description={t("The form is watched without it from now on. This cannot be undone.")}
        confirm={t("Delete the field")}
      />
    </span>
  );
}
