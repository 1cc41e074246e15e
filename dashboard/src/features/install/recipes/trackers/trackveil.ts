import { msg, t } from "../../../../lib/i18n";
import type { Recipe } from "../../recipe";

export const trackveil: Recipe = {
  key: "trackveil",
  title: msg("Trackveil"),
  steps: ({ origin, siteId }) => [
    {
      text: t(
        "Put this line in place of your tracker’s. It goes on without any cookie, and load times are measured.",
      ),
      code: {
        label: "<head>",
        text: `<script async src="${origin}/tracker.js?site=${siteId}" data-site-id="${siteId}"></script>`,
      },
    },
  ],
};
