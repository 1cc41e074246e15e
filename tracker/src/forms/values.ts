import type { ClewConfig } from "../../clew";
import type { Shared } from "../lib/internals";
import { configuredForm } from "./configured";
import { type Field, fieldsOf, matches } from "./fields";
import { trackedName } from "./tracked";

const MARK = "[REDACTED]";
/** Longest text that is taken from one field. */
const LONGEST = 2000;
const SECRET_USE = /^cc-|password|one-time-code/;

/** What was typed into the fields that make a lead, by name: those that the site described, and of
 *  the others the tracked ones. Secrets are marked where the site asked for them and left out where
 *  it did not. Nothing at all without the module `redact`. */
export function valuesOf(form: HTMLFormElement, shared: Shared): Record<string, string> {
  const values: Record<string, string> = {};
  const redact = shared.redact;
  if (!redact) return values;
  const described = fieldsDescribed(form, shared.config);
  fieldsOf(form).forEach((field) => {
    const own = described.filter((one) => matches(field, one.fieldSelector))[0];
    const name = own ? own.fieldName : tracked(field, shared.config.values);
    const text = name && read(field);
    if (!name || !text) return;
    const secret = redact.isSecret(name) || isSecret(field, redact.isSecret);
    const value = secret ? MARK : redact.value(text.slice(0, LONGEST));
    values[name] = values[name] && own ? `${values[name]}, ${value}` : value;
  });
  return values;
}

function fieldsDescribed(form: HTMLFormElement, config: ClewConfig) {
  const id = (configuredForm(form, config) || { formId: undefined }).formId;
  return (config.fields || []).filter((field) => field.formId === id);
}

function tracked(field: Field, allowed: string | undefined): string | undefined {
  if (field.type === "password" || field.type === "file") return undefined;
  const use = (field.getAttribute("autocomplete") || "").split(" ").pop() as string;
  return trackedName(
    [field.getAttribute("name"), field.getAttribute("id"), use, field.type],
    allowed,
  );
}

function isSecret(field: Field, named: (name: string) => boolean): boolean {
  const names = [field.getAttribute("name"), field.getAttribute("id")];
  const use = field.getAttribute("autocomplete") || "";
  return field.type === "password" || SECRET_USE.test(use) || names.some((n) => named(n || ""));
}

function read(field: Field): string | undefined {
  const box = /^(checkbox|radio)$/.test(field.type);
  if (field.type === "file" || (box && !(field as HTMLInputElement).checked)) return undefined;
  return field.value.trim();
}
