import { msg, t } from "../../../lib/i18n";
import { type Recipe, tag } from "../recipe";

export const wordpress: Recipe = {
  key: "wordpress",
  title: msg("WordPress"),
  steps: (target) => [
    {
      text: t(
        "Add this to the functions.php of your child theme, or to a plugin for code snippets.",
      ),
      code: {
        label: "functions.php",
        text: `add_action('wp_head', function () { ?>
  ${tag(target)}
<?php });`,
      },
    },
    { text: t("Empty the page cache if a caching plugin is on.") },
  ],
};
