import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import { queryClient } from "./query-client";
import type { Form, FormChange, FormField, FormFieldChange, NewForm, NewFormField } from "./types";

/** More than a site may have, so that one page is all of them. */
const ALL = { limit: 1000 };

const formPath = (formId: string, rest = "") => `/v1/forms/${encodeURIComponent(formId)}${rest}`;
const ofSite = (siteId: string) => `/v1/clients/${encodeURIComponent(siteId)}/forms`;
const fieldPath = (fieldId: string) => `/v1/fields/${encodeURIComponent(fieldId)}`;

/** The forms of a site, oldest first. */
export const formsQuery = (siteId: string) =>
  queryOptions({
    queryKey: ["forms", siteId],
    queryFn: async ({ signal }) =>
      (await api.get<{ forms: Form[] }>(ofSite(siteId), ALL, signal)).forms,
  });

/** The fields of a form in their order. */
export const fieldsQuery = (formId: string) =>
  queryOptions({
    queryKey: ["form-fields", formId],
    queryFn: async ({ signal }) =>
      (await api.get<{ fields: FormField[] }>(formPath(formId, "/fields"), ALL, signal)).fields,
  });

const formsChanged = (siteId: string) =>
  queryClient.invalidateQueries({ queryKey: formsQuery(siteId).queryKey });
const fieldsChanged = (formId: string) =>
  queryClient.invalidateQueries({ queryKey: fieldsQuery(formId).queryKey });

export async function createForm(siteId: string, body: NewForm): Promise<Form> {
  const form = await api.post<Form>(ofSite(siteId), body);
  await formsChanged(siteId);
  return form;
}

export async function changeForm(form: Form, change: FormChange): Promise<Form> {
  const changed = await api.put<Form>(formPath(form.formId), change);
  await formsChanged(form.clientId);
  return changed;
}

/** Its fields go with it. */
export async function deleteForm(form: Form): Promise<void> {
  await api.delete(formPath(form.formId));
  await formsChanged(form.clientId);
}

export async function createField(formId: string, body: NewFormField): Promise<FormField> {
  const field = await api.post<FormField>(formPath(formId, "/fields"), body);
  await fieldsChanged(formId);
  return field;
}

export async function changeField(field: FormField, change: FormFieldChange): Promise<FormField> {
  const changed = await api.put<FormField>(fieldPath(field.fieldId), change);
  await fieldsChanged(field.formId);
  return changed;
}

/** Gives the fields these places, one after the other: what was saved before a failure stays. */
export async function orderFields(formId: string, places: ReadonlyMap<string, number>) {
  try {
    for (const [fieldId, order] of places) await api.put(fieldPath(fieldId), { order });
  } finally {
    await fieldsChanged(formId);
  }
}

export async function deleteField(field: FormField): Promise<void> {
  await api.delete(fieldPath(field.fieldId));
  await fieldsChanged(field.formId);
}
