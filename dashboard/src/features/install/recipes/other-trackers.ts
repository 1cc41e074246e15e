import { t } from "../../../lib/i18n";
import type { Step } from "../recipe";

/** The step for pages whose line comes from another tracker. */
export function otherTrackers(): Step {
  return {
    text: t(
      'A line from “Coming from another tracker” works here too: put /t in place of this server’s address, and add data-api="/t".',
    ),
  };
}
