import { msg, t } from "../../../../lib/i18n";
import type { Recipe } from "../../recipe";

export const pixel: Recipe = {
  key: "pixel",
  title: msg("Pixel"),
  steps: ({ origin, siteId }) => [
    {
      text: t(
        "Put this line in place of your pixel’s. Page views, UTM values, click ids and form data arrive as before.",
      ),
      code: {
        label: "<head>",
        text: `<script async src="${origin}/pixel.js?site=${siteId}" data-pixel-id="${siteId}"></script>`,
      },
    },
  ],
};
