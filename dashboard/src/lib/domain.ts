/** What a person types for a domain, as the server keeps it: lower-case host in punycode without
 *  scheme, port or path; a leading `*.` stays. Null where there is no host in it. */
export function normaliseDomain(typed: string): string | null {
  const rest = typed.trim().replace(/^[a-z][a-z\d+.-]*:\/\//i, "");
  const authority = rest.split(/[/?#]/)[0]?.split("@").at(-1) ?? "";
  const wildcard = authority.startsWith("*.");
  const name = (wildcard ? authority.slice(2) : authority).replace(/:\d*$/, "").replace(/\.$/, "");
  if (name === "" || /[\s:*](?![^[]*\])/.test(name)) return null;
  const host = URL.parse(`https://${name}`)?.hostname;
  if (!host || !/^(\[[\da-f:.]+\]|[a-z\d_-]+(\.[a-z\d_-]+)*)$/.test(host)) return null;
  return `${wildcard ? "*." : ""}${host}`;
}
