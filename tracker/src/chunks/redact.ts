import { redactAddress } from "../redact/address";
import { MARK, redactEvent } from "../redact/event";
import { isSecret } from "../redact/fieldName";
import { redactText } from "../redact/text";
import { handFull } from "./install";

/** Looks over every batch before it leaves, and shows other modules how. The server does it again. */
handFull((_verbs, _past, _purposes, _now, shared) => {
  shared.redact = {
    text: (text) => redactText(text, MARK),
    url: redactAddress,
    isSecret,
  };
  const finish = shared.finish;
  shared.finish = (envelope) => {
    if (finish) finish(envelope);
    envelope.events = envelope.events.map(redactEvent);
  };
});
