import { msg, t } from "../../../../lib/i18n";
import type { Recipe } from "../../recipe";

export const crmTracker: Recipe = {
  key: "crm-tracker",
  title: msg("CRM tracker"),
  steps: ({ origin, siteId }) => [
    {
      text: t(
        "Put this line in place of your tracker’s. The forms that you describe under Forms are watched, and its visitors stay the same ones where ids may be kept.",
      ),
      code: {
        label: "<head>",
        text: `<script async src="${origin}/script/${siteId}.js"></script>`,
      },
    },
  ],
};
