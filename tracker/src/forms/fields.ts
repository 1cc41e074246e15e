/** What a person fills in. */
export type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

const NO_FIELD = /^(hidden|submit|button|reset|image)$/;

export function isField(target: unknown): target is Field {
  const element = target as Field;
  return /^(INPUT|SELECT|TEXTAREA)$/.test(element.tagName) && !NO_FIELD.test(element.type);
}

/** What the page calls it. Not `form.name`: a field of that name would stand in its place. */
export function nameOf(element: Element): string {
  return element.getAttribute("name") || element.getAttribute("id") || "";
}

/** The fields of a form that somebody may fill in and that nobody asked us to leave alone. */
export function fieldsOf(form: HTMLFormElement): Field[] {
  return Array.prototype.filter.call(
    form.querySelectorAll("input,select,textarea"),
    (element) => isField(element) && !isIgnored(element),
  );
}

/** Whether the page asks us to leave this element, or something around it, alone. */
export function isIgnored(element: Element): boolean {
  let inside: Element | null = element;
  while (inside) {
    if (inside.closest("[data-clew-ignore]")) return true;
    const root: Node = inside.getRootNode();
    inside = (root as ShadowRoot).host || null;
  }
  return false;
}

/** Whether a selector that somebody typed by hand names this element. */
export function matches(element: Element, selector: string): boolean {
  try {
    return element.matches(selector);
  } catch {
    // No selector: names nothing.
    return false;
  }
}
