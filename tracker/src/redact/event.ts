import type { ClewProps } from "../../clew";
import type { TrackedEvent } from "../types";
import { redactAddress } from "./address";
import { isSecret } from "./fieldName";
import { redactText } from "./text";

export const MARK = "[REDACTED]";

/** A copy of the event without what must not leave the browser. */
export function redactEvent(event: TrackedEvent): TrackedEvent {
  const clean: TrackedEvent = Object.assign({}, event, { url: redactAddress(event.url) });
  if (event.referrer) clean.referrer = redactAddress(event.referrer);
  if (event.title) clean.title = redactText(event.title, MARK);
  if (event.name) clean.name = redactText(event.name, MARK);
  if (event.props) clean.props = redactProps(event.props);
  return clean;
}

function redactProps(props: ClewProps): ClewProps {
  const clean: ClewProps = {};
  for (const name in props) {
    const value = props[name];
    const secret = isSecret(name) && value !== "" && value !== null && typeof value !== "boolean";
    // A card may come as a number.
    const text = typeof value === "number" ? `${value}` : value;
    const redacted = typeof text === "string" ? redactText(text, MARK) : text;
    clean[name] = secret ? MARK : redacted === text ? value : redacted;
  }
  return clean;
}
