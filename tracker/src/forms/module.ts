import type { FullInstall } from "../lib/internals";
import { bare } from "./bare";
import { formId } from "./configured";
import { isField, isIgnored } from "./fields";
import { valuesOf } from "./values";

/** Adds to a submitted form what was typed into it, for the fields that make a lead; and reports
 *  the values of a form that was not submitted, where the site wants that (`capture: "partial"`) and
 *  the visitor has agreed to `partial`. Needs the modules `auto` and `redact`. */
export const installForms: FullInstall = (_verbs, _past, purposes, _now, shared) => {
  const { config } = shared;
  const capture = config.capture || "submit";
  /** Forms that somebody has typed into, and what was last reported of each. */
  const begun: { form: HTMLFormElement; reported: string }[] = [];

  if (capture === "names") return;
  shared.bare = bare;
  shared.submitted = (form, event) => {
    event.fields = valuesOf(form, shared);
    const own = begun.filter((one) => one.form === form)[0];
    if (own) own.reported = JSON.stringify(event.fields);
  };
  if (capture !== "partial") return;

  function report(trigger: "blur" | "leave"): void {
    if (!purposes.partial) return;
    begun.forEach((one) => {
      const fields = valuesOf(one.form, shared);
      const text = JSON.stringify(fields);
      if (text === one.reported || text === "{}") return;
      one.reported = text;
      const form_id = formId(one.form, config);
      shared.record({ type: "form_partial", form_id, fields, props: { form_id, trigger } });
    });
  }

  addEventListener(
    "input",
    (event) => {
      const field = event.composedPath()[0];
      const form = isField(field) && !isIgnored(field) && field.form;
      if (form && !begun.some((one) => one.form === form)) begun.push({ form, reported: "" });
    },
    true,
  );
  addEventListener("focusout", () => report("blur"), true);
  // Capturing, so that it is queued before the core sends what there is.
  addEventListener("pagehide", () => report("leave"), true);
  addEventListener("visibilitychange", () => document.hidden && report("leave"), true);

  const finish = shared.finish;
  shared.finish = (envelope) => {
    if (finish) finish(envelope);
    // The answer may have changed since.
    if (purposes.partial) return;
    envelope.events = envelope.events.map((event) =>
      event.type === "form_partial" ? Object.assign({}, event, { fields: undefined }) : event,
    );
  };
};
