import type { ClewConfig } from "../../clew";

// `currentScript` is null in modules and in code that a bundler or tag manager evaluates: then the
// attribute finds our tag. Without any tag the body stands in; it has no settings.
export const script = (document.currentScript ||
  document.querySelector("[data-site-id]") ||
  document.body) as HTMLScriptElement;

/** The settings: attributes of the script tag, else keys of `window.ClewConfig` (tag managers may
 *  strip `data-` attributes, and the server may prepend a site's settings). */
export const config: ClewConfig = Object.assign({}, window.ClewConfig, script.dataset);
