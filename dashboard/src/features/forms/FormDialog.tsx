import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { fieldError } from "../../api/explain";
import { changeForm, createForm } from "../../api/forms";
import type { Form } from "../../api/types";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Checkbox } from "../../ui/Checkbox";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { Input } from "../../ui/Input";
import { Textarea } from "../../ui/Textarea";
import { toast } from "../../ui/Toast";
import { FormProblem } from "../problem/FormProblem";
import { type FormDraft, formBody, formDraft, NEW_FORM } from "./drafts";

const ID = "form";
const SAID_AT_FIELDS = ["formName", "pageUrl", "formSelector", "alternativeSelectors"];

interface Props {
  siteId: string;
  /** The one to change; a new one without. */
  form?: Form;
  onClose: () => void;
}

/** Describes a form: its name, where it stands and how it is found there. */
export function FormDialog({ siteId, form, onClose }: Props) {
  const [draft, setDraft] = useState<FormDraft>(() => (form ? formDraft(form) : NEW_FORM));
  const set = (change: Partial<FormDraft>) => setDraft({ ...draft, ...change });
  const save = useMutation({
    mutationFn: () =>
      form ? changeForm(form, formBody(draft)) : createForm(siteId, formBody(draft)),
    onSuccess: () => {
      toast(t("Saved."));
      onClose();
    },
  });
  const error = (field: string) => fieldError(save.error, field);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={form ? t("Edit the form") : t("New form")}
      footer={
        <>
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button type="submit" form={ID} variant="primary" loading={save.isPending}>
            {form ? t("Save") : t("Add the form")}
          </Button>
        </>
      }
    >
      <form id={ID} className="flex flex-col gap-5" onSubmit={submit}>
        <FormProblem error={save.error} fields={SAID_AT_FIELDS} />
        <Field label={t("Name")} error={error("formName")}>
          <Input
            required
            data-autofocus
            autoComplete="off"
            maxLength={255}
            placeholder={t("Contact")}
            value={draft.formName}
            onChange={(event) => set({ formName: event.target.value })}
          />
        </Field>
        <Field
          label={t("Page")}
          hint={t("Address or path of the page on which it stands.")}
          error={error("pageUrl")}
        >
          <Input
            required
            inputMode="url"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={255}
            placeholder="/contact"
            value={draft.pageUrl}
            onChange={(event) => set({ pageUrl: event.target.value })}
          />
        </Field>
        <Field
          label={t("CSS selector")}
          hint={t("How the form is found on that page.")}
          error={error("formSelector")}
        >
          <Input
            required
            autoCapitalize="none"
            spellCheck={false}
            maxLength={500}
            placeholder="#contact-form"
            className="font-mono"
            value={draft.formSelector}
            onChange={(event) => set({ formSelector: event.target.value })}
          />
        </Field>
        <Field
          label={t("Other selectors")}
          optional={t("optional")}
          hint={t("One a line, tried in this order where the first finds nothing. Up to 20.")}
          error={error("alternativeSelectors")}
        >
          <Textarea
            autoCapitalize="none"
            spellCheck={false}
            className="font-mono"
            value={draft.alternatives}
            onChange={(event) => set({ alternatives: event.target.value })}
          />
        </Field>
        <Checkbox
          label={t("Active")}
          hint={t("The site’s scripts look for it.")}
          checked={draft.isActive}
          onChange={(isActive) => set({ isActive })}
        />
      </form>
    </Dialog>
  );
}
