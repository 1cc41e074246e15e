import type { ClewProps } from "../../clew";
import type { FullInstall } from "../lib/internals";

/** What people press on purpose. */
const PRESSED =
  "a[href],area[href],button,summary,input[type=button],input[type=submit],input[type=reset],input[type=image],[role=button],[role=link],[role=tab],[role=menuitem],[data-clew-event]";
const LONGEST_TEXT = 64;

/** Presses of buttons, links and what is marked with `data-clew-event`; not of anything else. */
export const observeClicks: FullInstall = (_verbs, _past, _purposes, _now, shared) => {
  addEventListener(
    "click",
    (event) => {
      const path = event.composedPath().filter((node) => (node as Element).matches) as Element[];
      const pressed = path.filter((element) => element.matches(PRESSED))[0];
      const within = (selector: string): boolean => path.some((node) => node.matches(selector));
      if (!pressed || within("[data-clew-ignore]")) return;
      shared.record({ type: "click", props: describe(pressed, within("[data-clew-mask]")) });
    },
    true,
  );
};

function describe(element: Element, masked: boolean): ClewProps {
  const href = element.getAttribute("href");
  const said =
    element.getAttribute("aria-label") ||
    element.textContent ||
    element.getAttribute("value") ||
    element.getAttribute("alt");
  return {
    tag: element.tagName.toLowerCase(),
    element: element.getAttribute("data-clew-event") || element.getAttribute("id") || undefined,
    text: masked ? undefined : shortText(said || "") || undefined,
    href: href ? bareAddress(href, document.baseURI) : undefined,
  };
}

export function shortText(text: string): string {
  return text.slice(0, 1000).replace(/\s+/g, " ").trim().slice(0, LONGEST_TEXT);
}

/** Where a link leads, without what may be somebody's own: credentials, query and fragment; of
 *  `mailto:` and its like only that it is one. */
export function bareAddress(href: string, base: string): string | undefined {
  try {
    const url = new URL(href, base);
    if (/^https?:$/.test(url.protocol)) return url.origin + url.pathname;
    return url.protocol;
  } catch {
    // No address.
    return undefined;
  }
}
