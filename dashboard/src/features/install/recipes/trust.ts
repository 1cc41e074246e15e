import { t } from "../../../lib/i18n";
import type { Step } from "../recipe";

/** The step that every proxy needs: without it all visitors seem to come from the proxy. */
export function trust(): Step {
  return {
    text: t(
      "Name the proxy in CLEW_TRUSTED_PROXIES of this server. Otherwise all visitors seem to come from one address.",
    ),
  };
}
