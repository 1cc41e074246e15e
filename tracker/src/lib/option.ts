import type { ClewConfig } from "../../clew";

// `currentScript` is null in modules and in code that a bundler or tag manager evaluates: then the
// attribute finds our tag. Without any tag the body stands in; it has no settings.
export const script = (document.currentScript ||
  document.querySelector("[data-site-id]") ||
  document.body) as HTMLScriptElement;

export const config = window.ClewConfig || {};

/** A setting: attribute of the script tag, else key of `window.ClewConfig` (tag managers may strip
 *  `data-` attributes, and the server may prepend a site's settings). */
export function option(name: keyof ClewConfig & string): string | undefined {
  return (script.dataset[name] || config[name]) as string | undefined;
}
