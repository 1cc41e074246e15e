import type { ClewConfig } from "../../clew";

/** What a page may ask for on its own: more privacy than its site has, never less. */
export function tightened(config: ClewConfig, mode: unknown): ClewConfig {
  const strict = Object.assign({}, config);
  if (!/^(gdpr|hipaa|exempt)$/.test(mode as string)) return strict;
  if (strict.unknown === "store") strict.unknown = "cookieless";
  if (strict.capture === "partial") strict.capture = "submit";
  if (mode !== "gdpr") strict.fingerprint = false;
  if (mode === "hipaa") {
    strict.denied = "silent";
    strict.gpc = "silent";
  }
  if (mode === "exempt") {
    strict.storage = "none";
    strict.capture = "names";
  }
  return strict;
}
