import { msg, t } from "../../../lib/i18n";
import { proxiedTag, type Recipe } from "../recipe";
import { COLLECTOR_PATHS } from "./collector-paths";
import { otherTrackers } from "./other-trackers";
import { trust } from "./trust";

export const cloudflare: Recipe = {
  key: "cloudflare",
  title: msg("Cloudflare"),
  steps: (target) => [
    {
      text: t("Make a Worker with this text on the route {route}:", {
        route: `${target.domain}/t/*`,
      }),
      code: {
        label: t("Worker"),
        text: `const COLLECTOR = /^\\/t(\\/(?:${COLLECTOR_PATHS.replaceAll("/", "\\/")}))$/;

export default {
  async fetch(request) {
    const url = new URL(request.url);
    const path = COLLECTOR.exec(url.pathname)?.[1];
    if (!path) return fetch(request);
    const forward = new Request(\`${target.origin}\${path}\${url.search}\`, request);
    forward.headers.set("X-Forwarded-For", request.headers.get("CF-Connecting-IP"));
    return fetch(forward);
  },
};`,
      },
    },
    { text: t("Then the tag is:"), code: { label: "<head>", text: proxiedTag(target) } },
    otherTrackers(),
    trust(),
  ],
};
