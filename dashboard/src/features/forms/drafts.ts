/** Forms and fields while they are edited, and what is sent of them. */
import type { Form, FormField, NewForm, NewFormField } from "../../api/types";

export interface FormDraft {
  formName: string;
  pageUrl: string;
  formSelector: string;
  /** One selector a line. */
  alternatives: string;
  isActive: boolean;
}

export const NEW_FORM: FormDraft = {
  formName: "",
  pageUrl: "",
  formSelector: "",
  alternatives: "",
  isActive: true,
};

export function formDraft(form: Form): FormDraft {
  const { formName, pageUrl, formSelector, alternativeSelectors, isActive } = form;
  return {
    formName,
    pageUrl,
    formSelector,
    alternatives: alternativeSelectors.join("\n"),
    isActive,
  };
}

/** All of the draft; of the alternatives each once, without empty lines. */
export function formBody({ alternatives, ...draft }: FormDraft): NewForm {
  const lines = alternatives.split("\n").map((line) => line.trim());
  return {
    formName: draft.formName.trim(),
    pageUrl: draft.pageUrl.trim(),
    formSelector: draft.formSelector.trim(),
    alternativeSelectors: [...new Set(lines.filter((line) => line !== ""))],
    isActive: draft.isActive,
  };
}

export interface FieldDraft {
  fieldName: string;
  /** Null: nobody has said it yet, so it follows the name. */
  fieldSelector: string | null;
  fieldType: string;
  label: string;
  isRequired: boolean;
}

export const NEW_FIELD: FieldDraft = {
  fieldName: "",
  fieldSelector: null,
  fieldType: "text",
  label: "",
  isRequired: false,
};

export function fieldDraft(field: FormField): FieldDraft {
  const { fieldName, fieldSelector, fieldType, label, isRequired } = field;
  return { fieldName, fieldSelector, fieldType, label: label ?? "", isRequired };
}

/** What is in the selector's place: what was said, or the usual one for that name. */
export function selectorOf({ fieldName, fieldSelector }: FieldDraft): string {
  const name = fieldName.trim();
  if (fieldSelector !== null || name === "") return fieldSelector ?? "";
  return `[name="${name.replace(/["\\]/g, "\\$&")}"]`;
}

/** All of the draft. An empty label is none. */
export function fieldBody(draft: FieldDraft): NewFormField & { label: string | null } {
  return {
    fieldName: draft.fieldName.trim(),
    fieldSelector: selectorOf(draft).trim(),
    fieldType: draft.fieldType,
    label: draft.label.trim() || null,
    isRequired: draft.isRequired,
  };
}
