/** Codes of the server in plain words. A code without words is shown as it is. */
import { msg, t } from "../../../lib/i18n";

export const IDENTITY: Readonly<Record<string, string>> = {
  user_id: msg("Signed-in user"),
  cookie: msg("Cookie"),
  storage: msg("Browser storage"),
  fingerprint: msg("Fingerprint"),
  daily_hash: msg("Within one day only"),
};

export const QUARANTINE: Readonly<Record<string, string>> = {
  late: msg("Older than seven days"),
  future: msg("Dated in the future"),
  invalid_type: msg("No type, or none that is allowed"),
  missing_name: msg("A custom event without a name"),
  missing_url: msg("A page view without an address"),
  invalid_url: msg("Address not readable"),
  foreign_host: msg("A page on a domain that is not one of the site's"),
  invalid_currency: msg("Currency not readable"),
  invalid_value: msg("Value not readable"),
};

/** Why requests were turned away. */
export const REFUSAL: Readonly<Record<string, string>> = {
  foreign_origin: msg("Sent from a domain that is not one of the site's"),
  origin_required: msg("Sent without saying from where"),
};

export const CONSENT: Readonly<Record<string, string>> = {
  granted: msg("Consent given"),
  denied: msg("Consent refused"),
  unknown: msg("Not asked"),
};

export function reasonLabel(words: Readonly<Record<string, string>>, code: string): string {
  const known = Object.hasOwn(words, code) ? words[code] : undefined;
  return known ? t(known) : code;
}
