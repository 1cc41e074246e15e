import { msg, t } from "../../../../lib/i18n";
import type { Recipe } from "../../recipe";

export const pulse: Recipe = {
  key: "pulse",
  title: msg("Pulse"),
  steps: ({ origin, siteId }) => [
    {
      text: t(
        "Put this line in place of your tracker’s. Sessions, events and identities arrive as before.",
      ),
      code: {
        label: "<head>",
        text: `<script async src="${origin}/tracker.js?site=${siteId}" data-site-key="${siteId}"></script>`,
      },
    },
    {
      text: t(
        "Or, where your pages start it themselves. Nothing is sent before init; all of PulseGate goes on working.",
      ),
      code: {
        label: "<head>",
        text: `<script src="${origin}/pulse.js?site=${siteId}"></script>
<script>
  PulseGate.init({ siteKey: "${siteId}" });
</script>`,
      },
    },
  ],
};
