import type { ClewConfig, ClewMethods, ClewProps } from "../../clew";
import type { FullInstall } from "../lib/internals";
import { tightened, told } from "./privacyMode";
import { type OlderVerbs, olderVerbs } from "./verbs";

/** `window.EvothesisConfig`. */
export interface EvothesisConfig {
  client_id?: string;
  /** Where events go, e.g. `https://stats.example/collect`. */
  endpoint?: string;
  batch_size?: number;
  /** Milliseconds. */
  flush_interval?: number;
  /** `gdpr`, `hipaa` or `exempt`; can only tighten. */
  privacy_mode?: string;
  /** Join every event. */
  custom_fields?: ClewProps;
  debug?: boolean;
}

interface Scope {
  EvothesisConfig?: EvothesisConfig;
  evothesis?: OlderVerbs;
}

/** The settings that a page makes under the older names, laid over the site's. */
export function withEvothesis(config: ClewConfig, given: EvothesisConfig = {}): ClewConfig {
  const merged = tightened(config, given.privacy_mode);
  if (given.client_id && !merged.siteId) merged.siteId = given.client_id;
  if (given.endpoint) merged.api = given.endpoint.replace(/\/(collect\/?)?$/, "");
  if (given.batch_size) merged.batch = given.batch_size;
  if (given.flush_interval) merged.flush = given.flush_interval;
  if (given.debug) merged.debug = true;
  return merged;
}

export function evothesisConfig(): EvothesisConfig {
  return (window as Scope).EvothesisConfig || {};
}

/** The global `evothesis`. */
export const installEvothesis: FullInstall = (verbs, past, purposes, now, shared) => {
  const custom = evothesisConfig().custom_fields;
  if (custom) (verbs as unknown as ClewMethods).set(custom);
  const finish = shared.finish;
  shared.finish = (envelope) => {
    if (finish) finish(envelope);
    envelope.consent = told(shared.config, envelope.consent);
  };
  (window as Scope).evothesis = olderVerbs(verbs, past, purposes, now);
  if (shared.config.debug) {
    console.log(`[Evothesis] Analytics pixel loaded for client: ${shared.config.siteId}`);
  }
};
