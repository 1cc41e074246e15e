import type { Envelope } from "../types";
import { pending, purposes, silent } from "../verbs/consent";
import { config, script } from "./config";
import { identity, remember } from "./identity";
import { note } from "./outcomes";
import { queue, settle } from "./queue";
import { isSent } from "./sent";
import { shared } from "./shared";
import { view } from "./view";

const BATCH_SIZE = (config.batch || 10) as number;
const MAX_WAIT = (config.flush || 5000) as number;

export const endpoint = new URL(
  `${config.api || ""}${(FLAG_FULL && config.path) || "/v1/events"}`,
  (script.src || location) as string,
);

let timer: ReturnType<typeof setTimeout> | 0 | undefined;
/** No ordinary flush before this moment: a batch is in flight (one at a time keeps order), or the
 *  server asked for patience. */
let gate: number;
let failures = 0;

function arm(wait: number): void {
  clearTimeout(timer);
  timer = setTimeout(flush, wait);
}

/** Sees to a flush: at once when a batch is full, else in `wait` ms, else some time soon. */
export function schedule(wait?: number): void {
  if (queue[BATCH_SIZE - 1]) flush();
  else if (wait || !timer) arm(wait || MAX_WAIT);
}

/** Sends one batch, or sees to it that one is sent as soon as the gate opens. */
export function flush(): void {
  if (gate > Date.now()) {
    arm(gate - Date.now());
  } else {
    // A timer that is still running will find an empty queue, or send a little early.
    timer = 0;
    if (queue[0]) send(0);
  }
}

/** Sends everything, a batch in flight included: the browser may be about to cancel that one.
 *  Whether the page really goes away cannot be known, so nothing here may break a page that stays. */
export function flushLeaving(): void {
  if (FLAG_IDS && (failures || !navigator.onLine)) remember(0, 1);
  for (let sent = 0; queue[sent]; ) sent += send(sent, 1);
}

/** No ordinary flush before `moment`; 0: no reason to wait any longer. */
export function hold(moment: number): void {
  gate = moment;
}

/** Sends a batch and returns how many of its events still wait for the reply. */
export function send(from: number, leaving?: 1): number {
  // Browsers allow 64 KiB of keepalive bodies in flight, and a character may be three bytes.
  const maxChars = 20000;
  let size = 50;
  let events: typeof queue;
  let body: string;
  // Where nobody may be measured, forms that were sent go alone and say nothing else.
  const quiet = FLAG_FULL && config.siteId && (silent || pending) && shared.bare;
  // Nothing else leaves before the answer; a number that no queue has ends the loop of leaving.
  if (pending && !(quiet && queue.filter(isSent)[from])) return 500;
  view.title = document.title;
  do {
    events = (quiet ? queue.filter(isSent) : queue).slice(from, from + size);
    const envelope = {
      site_id: config.siteId,
      sent_at: Date.now(),
      consent: purposes,
      screen: `${screen.width}x${screen.height}`,
      viewport: `${innerWidth}x${innerHeight}`,
      tz: Intl.DateTimeFormat().resolvedOptions().timeZone,
      events,
    } as Envelope;
    if (FLAG_GUARD && navigator.webdriver) envelope.webdriver = true;
    if (FLAG_FULL && shared.finish) shared.finish(envelope);
    body = JSON.stringify(
      quiet ? quiet(envelope) : FLAG_IDS ? Object.assign(envelope, identity) : envelope,
    );
    size >>= 1;
  } while (size && body.length > maxChars);

  // Lists of content blockers refuse every third-party beacon ("ping"), but not fetch.
  // A beacon also claims success while offline.
  if (
    leaving &&
    endpoint.origin === location.origin &&
    navigator.onLine &&
    navigator.sendBeacon(endpoint, body)
  ) {
    settle(events);
    if (FLAG_LOADER) note(200, events.length);
    return 0;
  }
  // A reply that takes longer is taken for lost.
  gate = Date.now() + 30000;
  // A string body is text/plain: no preflight. The reply is read because Chromium counts an unread
  // one against the keepalive quota until it is collected.
  const request: RequestInit = { method: "POST", body, keepalive: body.length < maxChars };
  if (FLAG_FULL && config.storage === "cookie") request.credentials = "include";
  fetch(endpoint, request)
    .then((reply) =>
      reply.text().then(() => {
        decide(events, reply.status, reply.headers.get("Retry-After"));
      }),
    )
    .catch(() => {
      decide(events, 503);
    });
  return events.length;
}

function decide(events: typeof queue, status: number, retryAfter?: string | null): void {
  let wait = 0;
  if (/5..|429|408/.test(status as unknown as string)) {
    // 2-4 s at first, 256-512 s at last, and at least as long as the server asks.
    if (failures < 8) failures++;
    wait = Math.max(
      (1000 << failures) * (1 + Math.random()),
      (retryAfter as unknown as number) * 1000 || 0,
    );
  } else {
    // Any other refusal would be the same next time, so those events are given up.
    if (FLAG_LOADER) note(status, events.length);
    settle(events);
    failures = 0;
  }
  gate = Date.now() + wait;
  // A flush that met the closed gate has put the timer at the end of half a minute.
  timer = 0;
  schedule(wait);
}
