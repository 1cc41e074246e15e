// The shop's own addresses: which parameters last from page to page, and where a link leads.

/** `site`: the site that the pages report to. `family`: whose snippet the pages carry. `spa`: pages
 *  change in place. `consent`: see consent.js. */
const LASTING = ["site", "family", "spa", "consent"];

export const inPlace = new URLSearchParams(location.search).has("spa");

/** The address of `path` with what lasts. */
export function address(path) {
  const here = new URLSearchParams(location.search);
  const url = new URL(path, location.origin);
  for (const name of LASTING) {
    if (here.has(name)) url.searchParams.set(name, here.get(name));
  }
  return url.pathname + url.search;
}

/** Whether `link` leads to another page of the shop. */
export function isOurs(link) {
  const shop = link.origin === location.origin && link.pathname.startsWith("/demo/");
  return shop && !link.hash;
}

/** Gives every link in `root` what lasts, and marks the one that leads here. */
export function followLinks(root) {
  for (const link of root.querySelectorAll("a[href]")) {
    if (!isOurs(link)) continue;
    link.setAttribute("href", address(link.pathname));
    if (link.closest("nav")) {
      if (link.pathname === location.pathname) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }
}

/** Goes to another page of the shop. */
export function go(path) {
  const target = address(path);
  if (!inPlace) {
    location.assign(target);
    return;
  }
  history.pushState(null, "", target);
  dispatchEvent(new Event("popstate"));
}
