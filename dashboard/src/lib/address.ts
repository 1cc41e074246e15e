/** Addresses inside the app, relative to /app. */
const RESERVED = new Set(["setup", "login", "link", "sites", "settings", "gallery"]);

/** The address of a site's page; the slug where it is one and does not hide a page of the app. */
export function siteAddress(site: { siteId: string; slug: string | null }, page = ""): string {
  const name = site.slug && !RESERVED.has(site.slug) ? site.slug : site.siteId;
  return `/${encodeURIComponent(name)}${page}`;
}

/** The slug or id of the site that an address below /app belongs to. */
export function siteNameOf(path: string): string | null {
  const name = decoded(path.split("/")[1] ?? "");
  return name === "" || RESERVED.has(name) ? null : name;
}

/** Nothing where the escapes are none: such an address names no page. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

/** Where to go after signing in: only an address of this app, never another host. */
export function nextAddress(search: string): string {
  const next = new URLSearchParams(search).get("next") ?? "/";
  return /^\/(?![/\\])/.test(next) ? next : "/";
}
