import { installCrmStorage } from "../compat/crm";
import { installEvothesis } from "../compat/evothesis";
import { installPulseGate } from "../compat/pulseGate";
import { handFull } from "./install";

/** Globals and storage keys of older scripts, for pages that move over to the site's own script. */
[installCrmStorage, installEvothesis, installPulseGate].forEach(handFull);
