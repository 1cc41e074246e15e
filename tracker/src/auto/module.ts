import type { FullInstall } from "../lib/internals";
import { observeClicks } from "./click";
import { firstInView } from "./first";
import { observeForms } from "./forms";
import { observeFormViews } from "./formViews";
import { observeScroll } from "./scroll";

/** Events that need no code in the page: clicks, scroll depth, forms. Whether any of it may be
 *  recorded is the core's decision. */
export const installAuto: FullInstall = (verbs, past, purposes, now, shared) => {
  const first = firstInView(shared);
  [observeClicks, observeScroll(first), observeForms(first), observeFormViews(first)].forEach(
    (observe) => {
      observe(verbs, past, purposes, now, shared);
    },
  );
};
