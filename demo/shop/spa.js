// Pages that change without a reload, as in a single-page application.

import { isOurs } from "./address.js";

let latest = 0;

/** Replaces the page's content by that of `href`; the last one asked for wins. */
async function show(href, begin) {
  const turn = ++latest;
  const reply = await fetch(href);
  if (turn !== latest) return;
  if (!reply.ok) {
    location.assign(href);
    return;
  }
  const next = new DOMParser().parseFromString(await reply.text(), "text/html");
  if (turn !== latest) return;
  document.title = next.title;
  document.querySelector("main").replaceWith(next.querySelector("main"));
  begin();
  scrollTo(0, 0);
  document.querySelector("main").focus({ preventScroll: true });
}

export function changeInPlace(begin) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (!link || !plain || !isOurs(link)) return;
    event.preventDefault();
    history.pushState(null, "", link.href);
    show(link.href, begin);
  });
  addEventListener("popstate", () => show(location.href, begin));
}
