import { msg, t } from "../../../lib/i18n";
import { type Recipe, tag } from "../recipe";

export const shopify: Recipe = {
  key: "shopify",
  title: msg("Shopify"),
  steps: (target) => [
    {
      text: t(
        "Open Online Store → Themes → Edit code → layout/theme.liquid and put this right before </head>.",
      ),
      code: { label: "theme.liquid", text: tag(target) },
    },
    {
      text: t(
        "Not as a custom pixel: those run in a sandbox without the page. The checkout is no part of the theme.",
      ),
    },
  ],
};
