import type { ClewConfig } from "../../../clew";
import { installAuto } from "../../auto/module";
import { installOptOut } from "../../consent/module";
import { installForms } from "../../forms/module";
import { installRedaction } from "../../redact/module";
import { installOncePerPage } from "../../views/oncePerPage";
import { begin, given } from "../begin";
import { ownTag } from "../tag";

/** What advertisements write into addresses besides campaigns and click ids. */
const AD_DATA = "campaign_region|ad_group|ad_id|search_query";

/** The pixel: `<script data-pixel-id="SITE" src=".../pixel.js">`. */
const tag = ownTag(["data-pixel-id"], /\/pixel\.js$/);
const config: ClewConfig & { pixelId?: string } = given(tag);
config.siteId = config.pixelId || config.siteId;
config.query = config.query ? `${AD_DATA}|${config.query}` : AD_DATA;
config.values = "first_name,last_name,email";
if (config.capture === "partial") config.capture = "submit";
begin(tag, config, [
  installRedaction,
  installOptOut,
  installOncePerPage,
  installAuto,
  installForms,
]);
