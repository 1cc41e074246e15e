import type { ClewConsent } from "../../clew";
import { flush } from "../lib/delivery";
import { forget, remember } from "../lib/identity";
import { option } from "../lib/option";
import { queue, settle } from "../lib/queue";

/** What the visitor answered, per purpose; sent with every batch. */
export const purposes: ClewConsent = {};

/** An answer is awaited: nothing is sent or stored until it comes. */
export let pending: boolean;

/** Analytics was refused and the site wants no count without it. */
export let silent: boolean;

export function consent(state?: string | ClewConsent): void {
  const all = state === "granted";
  pending = state === "pending";
  Object.assign(
    purposes,
    all || state === "denied"
      ? { analytics: all, marketing: all, replay: all, partial: all }
      : pending || state,
  );
  // Global Privacy Control limits the answer whatever was clicked: the signal is the browser
  // owner's standing decision.
  if (navigator.globalPrivacyControl) {
    purposes.marketing = purposes.replay = false;
    if (option("gpc")) purposes.analytics = false;
  }
  silent = purposes.analytics === false && option("denied") === "silent";
  if (silent) settle(queue);
  if (FLAG_IDS && purposes.analytics === false) forget();
  if (FLAG_IDS) remember();
  flush();
}
