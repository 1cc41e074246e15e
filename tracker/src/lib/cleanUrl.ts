import { config } from "./config";

/** Campaign parameters, click ids and what the site's own pattern names. Without one this says
 *  `undefined`, a parameter that nobody has. */
const KEPT = new RegExp(`^(utm_.*|epik|\\w+(clk?|c|C|bra|at_|k_)id|${config.query})(=|$)`);

/** Something with an at sign, encoded or not, and a dot after it. */
const EMAIL = /[^/?&=#]+(@|%40)[^/?&=#@]+\.[^/?&=#@]+/gi;

function withoutEmail(text: string): string {
  return FLAG_GUARD ? text.replace(EMAIL, "REDACTED") : text;
}

/** The page's address as it may leave the browser: no credentials, no fragment unless hash routing
 *  is on, and only the parameters above. Others may carry anything, tokens and e-mail addresses
 *  included. */
export function cleanUrl(): string {
  const query = location.search
    .slice(1)
    .split("&")
    .filter((pair) => KEPT.test(pair))
    .join("&");
  return (
    location.origin +
    withoutEmail(location.pathname + (query && `?${query}`) + (config.hash ? location.hash : ""))
  );
}
