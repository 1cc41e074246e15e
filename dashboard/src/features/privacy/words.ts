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
  statistics: msg("Page statistics by a hash of the day"),
  cookieless_statistics: msg("Page statistics by a hash of the day"),
  daily_hash: msg("A hash that lasts one day"),
  visitor_id: msg("An id that recognises the visitor"),
  client_ids: msg("An id that recognises the visitor"),
  user_id: msg("The id of a signed-in person"),
  click_ids: msg("Click ids of ads"),
  ip: msg("The IP address"),
  full_ip: msg("The IP address in full"),
  truncated_ip: msg("The IP address, shortened"),
  fingerprint: msg("A fingerprint of the browser"),
  marketing: msg("Passing on to CRM and ads"),
  outbound: msg("Passing on to CRM and ads"),
  replay: msg("A recording of the visit"),
  partial: msg("Form values before sending"),
  lead_linking: msg("The link to a lead"),
  browser_storage: msg("Anything stored in the browser"),
};

export const STORE: Readonly<Record<string, string>> = {
  journal: msg("Journal"),
  archive: msg("Archive"),
  events: msg("Event store"),
  event_store: msg("Event store"),
  relational: msg("Database"),
  blobs: msg("Files"),
  exports: msg("Exports"),
  quarantine: msg("Events kept aside"),
  live: msg("Live view"),
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
