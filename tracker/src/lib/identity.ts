import type { ClewConsent } from "../../clew";
import type { TrackedEvent } from "../types";
import { purposes } from "../verbs/consent";
import { option } from "./option";
import { queue, setQueue } from "./queue";
import { uuidv7 } from "./uuidv7";

/** What is kept in the browser once analytics was granted, and only then; JSON under one key.
 *  Named as in the envelope of a batch, which it joins as it is. */
interface Identity {
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
    const area = window[`${(option("storage") as "local") || "local"}Storage`];
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
  if (purposes.analytics && storage("getItem")) {
    const waiting = (identity.q || []).concat(queue);
    identity.q = (leaving as 1) && waiting.slice(-99);
    identity.visitor_id = identity.visitor_id || uuidv7();
    identity.user_id = user || identity.user_id;
    identity.consent = purposes;
    if (storage("setItem")) setQueue(leaving ? [] : waiting);
  }
}

export function forget(): void {
  identity = {};
  storage("removeItem");
}
