import type { ClewConfig } from "../../../clew";
import { installAuto } from "../../auto/module";
import { startForms } from "../../builder/start";
import { installPulseGate } from "../../compat/pulseGate";
import { installOptOut } from "../../consent/module";
import { installForms } from "../../forms/module";
import { installRedaction } from "../../redact/module";
import { begin, given } from "../begin";
import { ownTag } from "../tag";

/** Pulse, tracker and forms in one: `<script src=".../pulse.js">` and `PulseGate.init({…})`, or
 *  `data-site-key` on the tag. */
const tag = ownTag(["data-site-key"], /\/pulse\.js$/);
const config: ClewConfig & { siteKey?: string } = given(tag);
config.siteId = config.siteKey || config.siteId;
begin(tag, config, [installRedaction, installOptOut, installAuto, installForms, installPulseGate]);
startForms(tag, false);
