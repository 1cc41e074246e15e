import type { ClewConfig, ClewMethods, ClewProps } from "../../clew";
import type { FullInstall } from "../lib/internals";
import { type OlderVerbs, olderVerbs } from "./verbs";

/** What `PulseGate.init` takes; each name as pages of either habit write it. */
export interface PulseOptions {
  siteKey?: string;
  site_key?: string;
  siteId?: string;
  site_id?: string;
  /** Base address of the collector; default: the origin of the script. */
  endpoint?: string;
  consent?: "granted" | "denied" | "pending";
  userId?: string;
  properties?: ClewProps;
  debug?: boolean;
}

export interface PulseGate extends OlderVerbs {
  init(options?: PulseOptions): void;
}

export function keyOf(options: PulseOptions): string | undefined {
  return options.siteKey || options.site_key || options.siteId || options.site_id;
}

/** The address that events go to, for an endpoint that a page named: a bare origin, a prefix, or
 *  one of the older doors. */
export function eventsAddress(endpoint: string, base: string): string {
  const prefix = endpoint.replace(/\/(track(\/\w[\w-]*)?\/?)?$/, "");
  return new URL(`${prefix}/v1/events`, base).href;
}

/** The global `PulseGate`. Where the tag names no site, nothing is sent or kept before `init` does;
 *  calls made until then wait in memory. */
export const installPulseGate: FullInstall = (verbs, past, purposes, now, shared) => {
  const clew = verbs as unknown as ClewMethods;
  const config: ClewConfig = shared.config;
  const given = config.consent;
  const gate = olderVerbs(verbs, past, purposes, now) as PulseGate;
  let waiting = !config.siteId;
  if (waiting) clew.consent("pending");
  gate.init = (options = {}) => {
    const key = keyOf(options);
    if (key) config.siteId = key;
    if (options.endpoint) {
      shared.endpoint.href = eventsAddress(options.endpoint, shared.endpoint.href);
    }
    if (options.properties) clew.set(options.properties);
    const consent = options.consent || (waiting ? given : undefined);
    if (config.siteId && (waiting || consent)) {
      waiting = false;
      clew.consent(consent as "granted");
    }
    if (options.userId) clew.identify(options.userId);
    if (options.debug) console.log(`[PulseGate] started for ${config.siteId}`);
  };
  (window as { PulseGate?: PulseGate }).PulseGate = gate;
};
