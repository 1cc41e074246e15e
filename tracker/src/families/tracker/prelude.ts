import type { ClewConfig } from "../../../clew";
import { installAuto } from "../../auto/module";
import { installPulseGate } from "../../compat/pulseGate";
import { installOptOut } from "../../consent/module";
import { installForms } from "../../forms/module";
import { installRedaction } from "../../redact/module";
import { installLoadTime } from "../../views/loadTime";
import { begin, given } from "../begin";
import { ownTag } from "../tag";

/** `/tracker.js` belongs to two families: a tag with `data-site-key` runs Pulse, one with
 *  `data-site-id` Trackveil, which sets no cookie and posts to `/track`. */
const tag = ownTag(["data-site-key", "data-site-id"], /\/tracker(\.min)?\.js$/);
const config: ClewConfig & { siteKey?: string } = given(tag);
const common = [installRedaction, installOptOut, installAuto];

if (config.siteKey) {
  config.siteId = config.siteKey;
  begin(tag, config, common.concat(installForms, installPulseGate));
} else {
  if (config.storage === "cookie") config.storage = "local";
  config.path = config.path || "/track";
  config.capture = "names";
  begin(tag, config, common.concat(installLoadTime));
}
