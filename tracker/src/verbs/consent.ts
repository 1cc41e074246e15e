import type { ClewConsent, ClewConsentMode } from "../../clew";
import { config } from "../lib/config";
import { purposesOf } from "../lib/consentMode";
import { flush, send } from "../lib/delivery";
import { forget, remember } from "../lib/identity";
import { optedOut } from "../lib/optOut";
import { queue, settle } from "../lib/queue";
import { isSent } from "../lib/sent";

/** What the visitor answered, per purpose; sent with every batch. */
export const purposes: ClewConsent = {};

/** An answer is awaited: nothing is sent or stored until it comes. */
export let pending: boolean;

/** Nothing may be recorded: a refusal, the browser's signal or the site's profile forbids even a
 *  count without ids. */
export let silent: unknown;

/** Whether the calls that a page made before the script came have been heard: one of them may say
 *  `pending`, so nothing is kept on account of the settings alone. */
let heard: boolean;

export function consent(state?: string | false | ClewConsent | ClewConsentMode): void {
  const all = state === "granted";
  const granted = purposes.analytics;
  // Global Privacy Control and the visitor's own opt-out limit the answer whatever was clicked: they
  // are standing decisions.
  const out = FLAG_GUARD && optedOut();
  pending = state === "pending";
  Object.assign(
    purposes,
    all || state === "denied"
      ? { analytics: all, marketing: all, replay: all, partial: all }
      : pending || (FLAG_FULL ? purposesOf(state as ClewConsentMode) : state),
  );
  if (navigator.globalPrivacyControl || out) {
    purposes.marketing = purposes.replay = false;
    if (config.gpc || out) purposes.analytics = false;
  }
  const refused = purposes.analytics === false;
  silent = refused && config.denied === "silent";
  if (FLAG_GUARD && out) silent = 1;
  if (FLAG_FULL && refused && navigator.globalPrivacyControl && config.gpc === "silent") silent = 1;
  if (FLAG_FULL && purposes.analytics === undefined && !pending && config.unknown === "silent")
    silent = 1;
  if (FLAG_FULL && !heard) return;
  if (silent) settle(FLAG_FULL ? queue.filter((event) => !isSent(event)) : queue);
  if (FLAG_IDS && refused) forget();
  // No script can take back the cookie that the server set: the server has to hear of it, even if
  // that is the last thing it hears.
  if (FLAG_FULL && refused && granted && config.storage === "cookie") send(0);
  if (FLAG_IDS) remember();
  flush();
}

/** The page's earlier calls are done: what they decided holds from now on. */
export function allHeard(): void {
  heard = true;
  consent(pending && "pending");
}
