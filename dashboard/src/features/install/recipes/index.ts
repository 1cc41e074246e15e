import type { Recipe } from "../recipe";
import { caddy } from "./caddy";
import { cloudflare } from "./cloudflare";
import { googleTagManager } from "./google-tag-manager";
import { html } from "./html";
import { nextjs } from "./nextjs";
import { nginx } from "./nginx";
import { react } from "./react";
import { shopify } from "./shopify";
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
