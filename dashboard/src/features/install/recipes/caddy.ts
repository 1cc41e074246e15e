import { msg, t } from "../../../lib/i18n";
import { proxiedTag, type Recipe } from "../recipe";
import { COLLECTOR_PATHS } from "./collector-paths";
import { otherTrackers } from "./other-trackers";
import { trust } from "./trust";

export const caddy: Recipe = {
  key: "caddy",
  title: msg("Caddy"),
  steps: (target) => [
    {
      text: t("Pass the collector’s addresses on, in the site’s block:"),
      code: {
        label: "Caddyfile",
        text: `@clew path_regexp ^/t/(?:${COLLECTOR_PATHS})$
handle @clew {
	uri strip_prefix /t
	reverse_proxy ${target.origin} {
		header_up Host {upstream_hostport}
	}
}`,
      },
    },
    { text: t("Then the tag is:"), code: { label: "<head>", text: proxiedTag(target) } },
    otherTrackers(),
    trust(),
  ],
};
