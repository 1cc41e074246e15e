import type { FullInstall } from "../lib/internals";
import { redactAddress } from "./address";
import { MARK, redactEvent } from "./event";
import { isSecret } from "./fieldName";
import { redactText } from "./text";

/** Looks over every batch before it leaves, and shows other modules how. The server does it again. */
export const installRedaction: FullInstall = (_verbs, _past, _purposes, _now, shared) => {
  shared.redact = {
    text: (text) => redactText(text, MARK),
    value: (text) => redactText(text, MARK, undefined, true),
    url: redactAddress,
    isSecret,
  };
  const finish = shared.finish;
  shared.finish = (envelope) => {
    if (finish) finish(envelope);
    envelope.events = envelope.events.map(redactEvent);
  };
};
