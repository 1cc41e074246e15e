import { formId } from "../forms/configured";
import { isIgnored } from "../forms/fields";
import type { FullInstall } from "../lib/internals";
import type { First } from "./first";

/** Reports that a form came into sight, once in each view. It looks for forms when a batch leaves:
 *  every view leaves with one, a second after it began, when its forms are there. A batch that leaves
 *  while the page is still read has seen none of them, so it looks again at its end. */
export function observeFormViews(first: First): FullInstall {
  return (_verbs, _past, _purposes, _now, shared) => {
    if (!window.IntersectionObserver) return;
    let looked: unknown;
    const observer = new IntersectionObserver((entries) => {
      entries.forEach((entry) => {
        if (!entry.isIntersecting) return;
        observer.unobserve(entry.target);
        const form_id = formId(entry.target, shared.config);
        if (first(`view ${form_id}`)) {
          shared.record({ type: "form_view", form_id, props: { form_id } });
        }
      });
    });
    const look = (): void => {
      if (looked === shared.view() || document.readyState === "loading") return;
      looked = shared.view();
      observer.disconnect();
      Array.prototype.forEach.call(document.forms, (form) => {
        if (!isIgnored(form)) observer.observe(form);
      });
    };
    const finish = shared.finish;
    shared.finish = (envelope) => {
      if (finish) finish(envelope);
      look();
    };
    document.addEventListener("DOMContentLoaded", look);
  };
}
