import { msg, t } from "../../../lib/i18n";
import { host, proxiedTag, type Recipe } from "../recipe";
import { COLLECTOR_PATHS } from "./collector-paths";
import { otherTrackers } from "./other-trackers";
import { trust } from "./trust";

export const nginx: Recipe = {
  key: "nginx",
  title: msg("nginx"),
  steps: (target) => [
    {
      text: t("Pass the collector’s addresses on, in the server block of your site:"),
      code: {
        label: "nginx.conf",
        text: `location ~ ^/t/(?:${COLLECTOR_PATHS})$ {
    rewrite ^/t(/.*)$ $1 break;
    proxy_pass ${target.origin};
    proxy_ssl_server_name on;
    proxy_set_header Host ${host(target.origin)};
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
}`,
      },
    },
    { text: t("Then the tag is:"), code: { label: "<head>", text: proxiedTag(target) } },
    otherTrackers(),
    trust(),
  ],
};
