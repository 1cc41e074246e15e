/** Codes of the server in plain words. Those of a newer server that have none yet are read out. */
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
  invalid_consent: msg("Consent not readable"),
  invalid_fields: msg("Fields of a form not readable"),
  invalid_fingerprint: msg("Fingerprint not readable"),
  invalid_form_id: msg("Id of a form not readable"),
  invalid_id: msg("Id of an event not readable"),
  invalid_member: msg("A detail of the wrong kind"),
  invalid_name: msg("Name of an event not readable"),
  invalid_number: msg("A number not readable"),
  invalid_props: msg("Properties not readable"),
  invalid_referrer: msg("Referrer not readable"),
  invalid_session_id: msg("Id of a session not readable"),
  invalid_text: msg("A text not readable"),
  invalid_time: msg("Time not readable"),
  invalid_title: msg("Title not readable"),
  invalid_user_id: msg("Id of a user not readable"),
  invalid_visitor_id: msg("Id of a visitor not readable"),
  invalid_silent: msg("The sign that nothing may be measured not readable"),
  invalid_webdriver: msg("The sign of a steered browser not readable"),
  not_an_object: msg("Something that is no event at all"),
  props_too_deep: msg("Properties nested too deep"),
  unknown_type: msg("A type that this door does not know"),
  unreadable: msg("Not readable at all"),
};

/** Why requests were turned away. */
export const REFUSAL: Readonly<Record<string, string>> = {
  foreign_origin: msg("Sent from a domain that is not one of the site's"),
  origin_required: msg("Sent without saying from where"),
  unauthorized: msg("Sent with a write key that nobody has"),
  forbidden: msg("Sent with another site’s write key"),
  unknown_site: msg("Sent while the site was paused"),
};

export const CONSENT: Readonly<Record<string, string>> = {
  granted: msg("Consent given"),
  denied: msg("Consent refused"),
  unknown: msg("Not asked"),
};

export function reasonLabel(words: Readonly<Record<string, string>>, code: string): string {
  const known = Object.hasOwn(words, code) ? words[code] : undefined;
  return known ? t(known) : readOut(code);
}

/** `invalid_colour` as "Invalid colour". */
function readOut(code: string): string {
  const words = code.replaceAll("_", " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
