import { formId } from "../forms/configured";
import { fieldsOf, isField, isIgnored, nameOf } from "../forms/fields";
import type { FullInstall } from "../lib/internals";
import type { First } from "./first";

/** Two reports of one form within this many milliseconds are one submission: handlers of `submit`
 *  often call `form.submit()`. */
const ONE_SUBMISSION = 1000;
const LONGEST_LIST = 1000;

/** Reports that a form was seen, begun, filled in and sent: names of its fields, never what was
 *  typed. What the module `forms` adds to a submission is its own affair. */
export function observeForms(first: First): FullInstall {
  return (_verbs, _past, _purposes, _now, shared) => {
    const { config } = shared;
    const roots: Node[] = [];
    let last: HTMLFormElement | undefined;
    let lastAt = 0;

    function submitted(form: HTMLFormElement): void {
      const repeated = form === last && Date.now() - lastAt < ONE_SUBMISSION;
      if (repeated || isIgnored(form)) return;
      last = form;
      lastAt = Date.now();
      const form_id = formId(form, config);
      const names = fieldsOf(form).map(nameOf);
      const fields = names
        .filter((name, i) => name && names.indexOf(name) === i)
        .join()
        .slice(0, LONGEST_LIST);
      const event = { type: "form_submit", form_id, props: { form_id, fields } };
      if (shared.submitted) shared.submitted(form, event);
      shared.record(event);
    }

    function onSubmit(event: Event): void {
      submitted(event.composedPath()[0] as HTMLFormElement);
    }

    function onFocus(event: Event): void {
      const field = event.composedPath()[0];
      if (!isField(field) || isIgnored(field)) return;
      // A submission does not leave its shadow root, focus does.
      const root = field.getRootNode();
      if (root !== document && roots.indexOf(root) < 0) {
        roots.push(root);
        root.addEventListener("submit", onSubmit, true);
      }
      const form_id = field.form ? formId(field.form, config) : "";
      const name = nameOf(field);
      if (field.form && first(`start ${form_id}`)) {
        shared.record({ type: "form_start", form_id, props: { form_id } });
      }
      if (first(`focus ${form_id} ${name}`)) {
        const props = { form_id, field: name, field_type: field.type };
        shared.record({ type: "form_focus", form_id, props });
      }
    }

    addEventListener("submit", onSubmit, true);
    addEventListener("focusin", onFocus, true);

    // `form.submit()` fires no event.
    const submit = HTMLFormElement.prototype.submit;
    HTMLFormElement.prototype.submit = function () {
      try {
        submitted(this);
      } finally {
        submit.call(this);
      }
    };
  };
}
