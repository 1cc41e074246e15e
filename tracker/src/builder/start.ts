/** A place in the page for one of the site's forms. */
interface Mount {
  element: Element;
  form: string;
}

/** What the form builder takes up: everything pushed so far, and from then on each by itself. */
export interface BuiltForm {
  element: Element;
  /** As `GET /forms/config` describes it. */
  config: Record<string, unknown>;
}

/** Fetches the forms that the page has places for (`<div data-pulse-form="FORM">`, or `data-form` on
 *  our own tag) and hands them to the builder through `window.ClewForms`. With `expected`, a page
 *  without a place is told so in the console. */
export function startForms(tag: HTMLScriptElement | undefined, expected: boolean): void {
  const start = (): void => {
    const found = mounts(tag);
    if (expected && !found.length) {
      console.warn(
        '[Clew] form.js: no place for a form; add <div data-pulse-form="FORM_ID"></div>',
      );
    }
    found.forEach((mount) => {
      show(mount, tag);
    });
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
}

function mounts(tag: HTMLScriptElement | undefined): Mount[] {
  const places = Array.prototype.map.call(
    document.querySelectorAll("[data-pulse-form]"),
    (element: Element): Mount => ({
      element,
      form: element.getAttribute("data-pulse-form") as string,
    }),
  ) as Mount[];
  const form = tag && tag.getAttribute("data-form");
  const target = tag && tag.getAttribute("data-target");
  const element = form && ((target && find(target)) || tag.parentElement);
  return form && element ? places.concat({ element, form }) : places;
}

/** A selector that the browser cannot read finds nothing, and stops nobody else's script. */
function find(selector: string): Element | null {
  try {
    return document.querySelector(selector);
  } catch {
    return null;
  }
}

function show(mount: Mount, tag: HTMLScriptElement | undefined): void {
  const address = new URL("/forms/config", (tag && tag.src) || location.href);
  address.searchParams.set("domain", location.hostname);
  address.searchParams.set("form", mount.form);
  fetch(address.href)
    .then((reply) => {
      if (!reply.ok) throw new Error(`the server answered ${reply.status}`);
      return reply.json();
    })
    .then((config) => {
      const scope = window as unknown as { ClewForms?: BuiltForm[] };
      scope.ClewForms = scope.ClewForms || [];
      scope.ClewForms.push({ element: mount.element, config });
    })
    .catch((error: Error) => {
      console.warn(`[Clew] form.js: form "${mount.form}" cannot be shown: ${error.message}`);
    });
}
