import type { TrackedEvent } from "../types";

/** Whether a person sent this to be read: it goes even where nobody may be measured. */
export function isSent(event: Partial<TrackedEvent>): unknown {
  return event.type === "form_submit" && event.fields;
}
