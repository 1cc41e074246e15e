/** Codes of the server in plain words. A code without words is shown as it is. */
import type { Reason } from "../../api/subjects";
import { msg, t } from "../../lib/i18n";

export const STATE: Readonly<Record<string, string>> = {
  unknown: msg("Not asked"),
  denied: msg("Said no"),
  granted: msg("Said yes"),
  gpc: msg("Privacy signal"),
};

/** What is kept of a visitor, or is not. */
export const KEPT: Readonly<Record<string, string>> = {
  statistics: msg("Page views and events, by a hash of the day"),
  visitor_id: msg("An id that recognises the browser"),
  user_id: msg("The id of a signed-in person, hashed"),
  click_ids: msg("Click ids of ads"),
  fingerprint: msg("A fingerprint of the browser, hashed"),
  address_hash: msg("The IP address, as a hash of the day"),
  address_truncated: msg("The IP address, shortened"),
  address_full: msg("The IP address in full"),
  submissions: msg("Forms that are sent, encrypted"),
  partial_values: msg("What is typed into forms and not sent, encrypted"),
};

export const STORE: Readonly<Record<string, string>> = {
  journal: msg("Journal"),
  archive: msg("Archive of the journal"),
  event_store: msg("Reports"),
  relational: msg("Database"),
  exports: msg("Exports"),
};

export const REASON: Record<Reason, string> = {
  request: msg("They asked for it"),
  consent_withdrawn: msg("They withdrew their consent"),
  objection: msg("They objected"),
  no_longer_needed: msg("No longer needed"),
  unlawful: msg("Collected unlawfully"),
  legal_obligation: msg("The law demands it"),
  child: msg("Data of a child"),
};

export function word(words: Readonly<Record<string, string>>, code: string): string {
  const known = Object.hasOwn(words, code) ? words[code] : undefined;
  return known ? t(known) : code;
}
