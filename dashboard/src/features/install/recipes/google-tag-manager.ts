import { msg, t } from "../../../lib/i18n";
import type { Recipe } from "../recipe";

export const googleTagManager: Recipe = {
  key: "gtm",
  title: msg("Google Tag Manager"),
  steps: ({ origin, siteId }) => [
    {
      text: t(
        "Make a tag of the kind Custom HTML with this text. Tag Manager drops data attributes from plain script tags, so this one makes the tag itself.",
      ),
      code: {
        label: t("Custom HTML"),
        text: `<script>
(function () {
  window.clew = window.clew || function () { (clew.q = clew.q || []).push(arguments); };
  var s = document.createElement("script");
  s.async = true;
  s.src = "${origin}/c.js";
  s.setAttribute("data-site-id", "${siteId}");
  document.head.appendChild(s);
})();
</script>`,
      },
    },
    { text: t("Choose the trigger All Pages, save, and publish the container.") },
  ],
};
