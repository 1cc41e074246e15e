import type { ClewConfig } from "../../../clew";
import { installAuto } from "../../auto/module";
import { installCrmStorage } from "../../compat/crm";
import { installOptOut } from "../../consent/module";
import { installForms } from "../../forms/module";
import { installRedaction } from "../../redact/module";
import { begin, given } from "../begin";
import { ownTag } from "../tag";

/** The CRM web tracker: `<script src=".../script/CLIENT.js">`, and its older names with `data-client-id`. */
const tag = ownTag(
  ["data-client-id", "data-api-key"],
  /\/(script\/[^/]+|production-tracker|main-app\.v1)\.js$/,
);
const config: ClewConfig = given(tag);
config.siteId = config.siteId || config.clientId || config.apiKey;
begin(tag, config, [installRedaction, installOptOut, installCrmStorage, installAuto, installForms]);
