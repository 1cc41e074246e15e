import type { Envelope } from "../types";

/** A batch of forms that were sent, with nothing about who sent them: no page, no browser, no id but
 *  each form's own. A list of what leaves, so that nothing else slips in. */
export function bare(envelope: Envelope): unknown {
  return {
    site_id: envelope.site_id,
    sent_at: envelope.sent_at,
    consent: envelope.consent,
    webdriver: envelope.webdriver,
    silent: true,
    events: envelope.events.map(({ id, type, t, form_id, fields }) => ({
      id,
      type,
      t,
      form_id,
      fields,
      props: { form_id },
    })),
  };
}
