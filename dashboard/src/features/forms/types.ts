import { t } from "../../lib/i18n";
import type { Option } from "../../ui/Select";

/** Types of fields, as HTML calls them. */
const TYPES = ["text", "email", "tel", "textarea", "select", "checkbox", "radio", "number", "date"];

/** Types to choose from, and the field's own where that is another one. */
export function typeOptions(current: string): Option[] {
  const all = TYPES.includes(current) ? TYPES : [...TYPES, current];
  return all.map((value) => ({ value, label: typeName(value) }));
}

export function typeName(type: string): string {
  const names: Record<string, string> = {
    text: t("Text"),
    email: t("E-mail"),
    tel: t("Phone"),
    textarea: t("Long text"),
    select: t("List"),
    checkbox: t("Checkbox"),
    radio: t("Choice"),
    number: t("Number"),
    date: t("Date"),
  };
  return Object.hasOwn(names, type) ? (names[type] ?? type) : type;
}
