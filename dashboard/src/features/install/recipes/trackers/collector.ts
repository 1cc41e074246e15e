import { msg, t } from "../../../../lib/i18n";
import type { Recipe } from "../../recipe";

export const collector: Recipe = {
  key: "collector",
  title: msg("Collector"),
  steps: ({ origin, siteId }) => [
    {
      text: t(
        "Put this line in place of your collector’s. evothesis.track(…), purchases and window.EvothesisConfig go on working.",
      ),
      code: {
        label: "<head>",
        text: `<script async src="${origin}/pixel/${siteId}/tracking.js"></script>`,
      },
    },
  ],
};
