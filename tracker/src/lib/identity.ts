import type { ClewConsent } from "../../clew";
import type { TrackedEvent } from "../types";
import { pending, purposes } from "../verbs/consent";
import { config } from "./config";
import { queue, setQueue } from "./queue";
import { shared } from "./shared";
import { timeOf, uuidv7 } from "./uuidv7";

/** What is kept in the browser once analytics was granted, and only then; JSON under one key.
 *  Named as in the envelope of a batch, which it joins as it is. */
export interface Identity {
  visitor_id?: string;
  user_id?: string;
  /** Kept so that the next page does not count a second, cookieless visitor before the site's
   *  consent tool has loaded. */
  consent?: ClewConsent;
  /** Events that could not be sent; undefined in a page that can send. */
  q?: TrackedEvent[] | undefined;
}

export let identity: Identity = {};

/** Reads, writes or removes the record; undefined where there is no storage: mode `none`, quota
 *  used up, or a browser that blocks site data, where merely naming `localStorage` throws. */
export function storage(operation: "getItem" | "setItem" | "removeItem"): 1 | undefined {
  try {
    const area = window[`${(config.storage as "local") || "local"}Storage`];
    // One call for all three: only `setItem` looks at the text, only `getItem` returns one.
    const text = area[operation]("clew", JSON.stringify(identity)) as string | undefined;
    if (text) identity = JSON.parse(text);
    return 1;
  } catch {}
}

/** Brings the record up to date: begins a visitor where there is none, notes `user`, and takes up
 *  the events that an earlier page, or this one before it was hidden, left behind. With `leaving`
 *  it puts the queue there instead; where that fails the queue stays in memory. */
export function remember(user?: string | 0, leaving?: 1): void {
  const allowed =
    purposes.analytics ||
    (FLAG_FULL && purposes.analytics === undefined && !pending && config.unknown === "store");
  // With a cookie of the server's nothing is stored here, but the page knows its user.
  if (FLAG_FULL && allowed && user && config.storage === "cookie") identity.user_id = user;
  if (allowed && storage("getItem")) {
    const waiting = (identity.q || []).concat(queue);
    // Nobody is recognised for longer than the site says; ids carry the time of their making, and
    // are never renewed.
    if (!((identity.visitor_id as string) > timeOf(((config.days || 395) as number) * 864e5))) {
      const fresh = uuidv7();
      identity = { visitor_id: FLAG_FULL && shared.visitor ? shared.visitor(fresh) : fresh };
    }
    identity.q = (leaving as 1) && waiting.slice(-99);
    if (user) identity.user_id = user;
    if (!FLAG_FULL || purposes.analytics) identity.consent = purposes;
    if (storage("setItem")) setQueue(leaving ? [] : waiting);
  }
}

export function forget(): void {
  identity = {};
  storage("removeItem");
}
