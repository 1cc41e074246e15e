import type { ClewConfig, ClewForm } from "../../clew";
import { matches, nameOf } from "./fields";

/** The form as the site described it; one that stands on this page comes before one of another. */
export function configuredForm(form: Element, config: ClewConfig): ClewForm | undefined {
  const named = (config.forms || []).filter((one) =>
    [one.formSelector].concat(one.alternativeSelectors || []).some((text) => matches(form, text)),
  );
  return named.filter((one) => pathOf(one.pageUrl) === location.pathname)[0] || named[0];
}

/** Our id of the form, else what the page calls it; empty when it has no name at all. */
export function formId(form: Element, config: ClewConfig): string {
  const described = configuredForm(form, config);
  return described ? described.formId : form.getAttribute("data-clew-form") || nameOf(form);
}

function pathOf(address: string | undefined): string | undefined {
  try {
    return new URL(address || "", location.href).pathname;
  } catch {
    // Nobody's address.
    return undefined;
  }
}
