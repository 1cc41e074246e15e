import type { TrackedEvent } from "../types";
import { silent } from "../verbs/consent";
import { common } from "../verbs/set";
import { cleanUrl } from "./cleanUrl";
import { schedule } from "./delivery";
import { note } from "./outcomes";
import { queue } from "./queue";
import { isSent } from "./sent";
import { uuidv7 } from "./uuidv7";

let sequence = 0;

/** Completes an event and queues it; undefined when the visitor's answer forbids that. */
export function record(event: Partial<TrackedEvent>, wait?: number): string | undefined {
  if (silent && !(FLAG_FULL && isSent(event))) return;
  event.id = event.id || uuidv7();
  event.t = Date.now();
  event.url = event.url || cleanUrl();
  event.seq = ++sequence;
  // A copy, so that what cannot be sent throws here, at the caller, and not in every later flush.
  event.props = JSON.parse(JSON.stringify(Object.assign({}, common, event.props)));
  // Beyond 500 an offline page forgets its newest events instead of growing without bound.
  if (!queue[499]) queue.push(event as TrackedEvent);
  else if (FLAG_LOADER) note(0, 1);
  schedule(wait);
  return event.id;
}
