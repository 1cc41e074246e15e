import { msg, t } from "../../../lib/i18n";
import { type Recipe, scriptAddress } from "../recipe";

export const googleTagManager: Recipe = {
  key: "gtm",
  title: msg("Google Tag Manager"),
  steps: (target) => [
    {
      text: t(
        "Make a tag of the kind Custom HTML with this text. Until the script is there, it keeps your own calls for it.",
      ),
      code: {
        label: t("Custom HTML"),
        text: `<script>
(function () {
  window.clew = window.clew || function () { (clew.q = clew.q || []).push(arguments); };
  var s = document.createElement("script");
  s.async = true;
  s.src = "${scriptAddress(target)}";
  document.head.appendChild(s);
})();
</script>`,
      },
    },
    { text: t("Choose the trigger All Pages, save, and publish the container.") },
  ],
};
