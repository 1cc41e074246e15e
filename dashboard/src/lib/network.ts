/** Addresses and networks as an IP list takes them. */

const V4 = /^(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/;

/** `203.0.113.7`, `203.0.113.0/24`, `2001:db8::/32`: in the usual form, or null where it is neither an
 *  address nor a network. */
export function normaliseNetwork(typed: string): string | null {
  const [text = "", prefix, more] = typed.trim().split("/");
  if (more !== undefined) return null;
  const address = V4.test(text) ? text : sixth(text);
  if (address === null || prefix === undefined) return address;
  const bits = /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN;
  const most = address.includes(":") ? 128 : 32;
  return bits <= most ? `${address}/${bits}` : null;
}

/** The browser reads version 6 of the protocol, and writes it in its shortest form. */
function sixth(text: string): string | null {
  if (!/^[\da-f:.]+$/i.test(text) || !text.includes(":")) return null;
  return URL.parse(`http://[${text}]/`)?.hostname.slice(1, -1) ?? null;
}

/** Several at once, as they are pasted. `bad` is the first that is none. */
export function parseNetworks(typed: string): { networks: string[]; bad: string | null } {
  const parts = typed.split(/[\s,;]+/).filter(Boolean);
  const networks = parts.map(normaliseNetwork);
  const bad = parts.find((_, i) => networks[i] === null) ?? null;
  return { networks: [...new Set(networks.filter((one) => one !== null))], bad };
}
