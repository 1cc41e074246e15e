import type { ClewConfig, ClewConsent } from "../../clew";

/** What a page may ask for on its own: more privacy than its site has, never less. */
export function tightened(config: ClewConfig, mode: unknown): ClewConfig {
  const strict = Object.assign({}, config);
  if (!/^(gdpr|hipaa|exempt)$/.test(mode as string)) return strict;
  if (strict.unknown === "store") {
    strict.unknown = "cookieless";
    strict.refused = "unanswered";
  }
  if (strict.capture === "partial") strict.capture = "submit";
  if (mode !== "gdpr") strict.fingerprint = false;
  if (mode === "hipaa") {
    strict.denied = "silent";
    strict.gpc = "silent";
  }
  if (mode === "exempt") {
    strict.refused = "always";
    strict.storage = "none";
    strict.capture = "names";
  }
  return strict;
}

/** What the server is told of the visitor's answer. It knows the site's profile and not the page's
 *  wish, so the wish reaches it as a refusal to be recognised. */
export function told(config: ClewConfig, answer: ClewConsent): ClewConsent {
  const refused = config.refused === "always" || (config.refused && answer.analytics === undefined);
  return refused ? Object.assign({}, answer, { analytics: false }) : answer;
}
