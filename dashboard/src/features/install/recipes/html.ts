import { msg, t } from "../../../lib/i18n";
import { type Recipe, tag } from "../recipe";

export const html: Recipe = {
  key: "html",
  title: msg("HTML"),
  steps: (target) => [
    {
      text: t(
        "Put this line into the head of every page. It also counts page changes of single-page apps.",
      ),
      code: { label: "<head>", text: tag(target) },
    },
  ],
};
