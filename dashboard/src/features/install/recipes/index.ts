import type { Recipe } from "../recipe";
import { caddy } from "./caddy";
import { cloudflare } from "./cloudflare";
import { googleTagManager } from "./google-tag-manager";
import { html } from "./html";
import { nextjs } from "./nextjs";
import { nginx } from "./nginx";
import { react } from "./react";
import { shopify } from "./shopify";
import { collector } from "./trackers/collector";
import { crmTracker } from "./trackers/crm-tracker";
import { pixel } from "./trackers/pixel";
import { pulse } from "./trackers/pulse";
import { trackveil } from "./trackers/trackveil";
import { vue } from "./vue";
import { wordpress } from "./wordpress";

/** Kinds of sites, in the order of their tabs. */
export const SITE_RECIPES: readonly Recipe[] = [
  html,
  googleTagManager,
  wordpress,
  shopify,
  nextjs,
  react,
  vue,
];

/** Collecting under the site's own domain, for blockers that know analytics hosts. */
export const PROXY_RECIPES: readonly Recipe[] = [nginx, caddy, cloudflare];

/** Pages that have another tracker: the line to replace, and what goes on as before. */
export const TRACKER_RECIPES: readonly Recipe[] = [pixel, crmTracker, collector, pulse, trackveil];
