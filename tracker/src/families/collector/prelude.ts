import { installAuto } from "../../auto/module";
import { evothesisConfig, installEvothesis, withEvothesis } from "../../compat/evothesis";
import { installOptOut } from "../../consent/module";
import { installRedaction } from "../../redact/module";
import { begin, given } from "../begin";
import { ownTag } from "../tag";

/** The collector: `<script src=".../pixel/CLIENT/tracking.js">`. Names of fields, never values. */
const tag = ownTag(["data-client-id"], /\/pixel\/[^/]+\/tracking\.js$/);
const config = withEvothesis(given(tag), evothesisConfig());
config.siteId = config.siteId || config.clientId;
config.capture = "names";
begin(tag, config, [installRedaction, installOptOut, installAuto, installEvothesis]);
