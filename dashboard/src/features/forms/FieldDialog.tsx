import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { fieldError } from "../../api/explain";
import { changeField, createField } from "../../api/forms";
import type { FormField } from "../../api/types";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Checkbox } from "../../ui/Checkbox";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { Input } from "../../ui/Input";
import { Select } from "../../ui/Select";
import { toast } from "../../ui/Toast";
import { FormProblem } from "../problem/FormProblem";
import { type FieldDraft, fieldBody, fieldDraft, NEW_FIELD, selectorOf } from "./drafts";
import { typeOptions } from "./types";

const ID = "form-field";
const SAID_AT_FIELDS = ["fieldName", "fieldSelector", "fieldType", "label"];

interface Props {
  formId: string;
  /** The one to change; a new one, behind the last, without. */
  field?: FormField;
  onClose: () => void;
}

/** Describes a field: its name, how it is found within the form, and what it holds. */
export function FieldDialog({ formId, field, onClose }: Props) {
  const [draft, setDraft] = useState<FieldDraft>(() => (field ? fieldDraft(field) : NEW_FIELD));
  const set = (change: Partial<FieldDraft>) => setDraft({ ...draft, ...change });
  const save = useMutation({
    mutationFn: () =>
      field ? changeField(field, fieldBody(draft)) : createField(formId, fieldBody(draft)),
    onSuccess: () => {
      toast(t("Saved."));
      onClose();
    },
  });
  const error = (name: string) => fieldError(save.error, name);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={field ? t("Edit the field") : t("New field")}
      footer={
        <>
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button type="submit" form={ID} variant="primary" loading={save.isPending}>
            {field ? t("Save") : t("Add the field")}
          </Button>
        </>
      }
    >
      <form id={ID} className="flex flex-col gap-5" onSubmit={submit}>
        <FormProblem error={save.error} fields={SAID_AT_FIELDS} />
        <div className="grid gap-5 sm:grid-cols-2">
          <Field
            label={t("Name")}
            hint={t("As the field calls itself: its name attribute.")}
            error={error("fieldName")}
          >
            <Input
              required
              data-autofocus
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              maxLength={255}
              placeholder="email"
              value={draft.fieldName}
              onChange={(event) => set({ fieldName: event.target.value })}
            />
          </Field>
          <Field label={t("Type")} error={error("fieldType")}>
            <Select
              options={typeOptions(draft.fieldType)}
              value={draft.fieldType}
              onChange={(fieldType) => set({ fieldType })}
            />
          </Field>
        </div>
        <Field
          label={t("CSS selector")}
          hint={t("How it is found within the form.")}
          error={error("fieldSelector")}
        >
          <Input
            required
            autoCapitalize="none"
            spellCheck={false}
            maxLength={500}
            placeholder='[name="email"]'
            className="font-mono"
            value={selectorOf(draft)}
            onChange={(event) => set({ fieldSelector: event.target.value })}
          />
        </Field>
        <Field label={t("Label")} optional={t("optional")} error={error("label")}>
          <Input
            autoComplete="off"
            maxLength={255}
            placeholder={t("Your e-mail address")}
            value={draft.label}
            onChange={(event) => set({ label: event.target.value })}
          />
        </Field>
        <Checkbox
          label={t("Required")}
          hint={t("Visitors cannot leave it empty.")}
          checked={draft.isRequired}
          onChange={(isRequired) => set({ isRequired })}
        />
      </form>
    </Dialog>
  );
}
