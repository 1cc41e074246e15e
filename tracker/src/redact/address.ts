import { isSecret } from "./fieldName";
import { redactText } from "./text";

/** Needs no escape in an address. */
const MARK = "REDACTED";

/** An address of a page: each parameter is a field, the rest is text; a fragment may be an address
 *  again (hash routers). */
export function redactAddress(address: string): string {
  return address.split("#").map(part).join("#");
}

function part(address: string): string {
  const at = address.indexOf("?");
  if (at < 0) return redactText(address, MARK);
  const pairs = address.slice(at + 1).split("&");
  return `${redactText(address.slice(0, at), MARK)}?${pairs.map(parameter).join("&")}`;
}

function parameter(pair: string): string {
  const at = pair.indexOf("=");
  if (at < 0) return redactText(pair, MARK);
  const name = pair.slice(0, at);
  const value = pair.slice(at + 1);
  let plain = name;
  try {
    plain = decodeURIComponent(name);
  } catch {}
  return `${redactText(name, MARK)}=${value && isSecret(plain) ? MARK : redactText(value, MARK)}`;
}
