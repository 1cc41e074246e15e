/** What a profile rules out whatever the settings say. The server enforces it; here it decides what
 *  can be chosen. */
import type { IpPolicy, Profile, SiteSettings } from "../../api/types";

interface Limits {
  /** How an address may be kept. */
  ip: readonly IpPolicy[];
  /** Whether a browser may keep an id at all. */
  visitorId: boolean;
  fingerprint: boolean;
}

export const LIMITS: Record<Profile, Limits> = {
  exempt: { ip: ["none"], visitorId: false, fingerprint: false },
  gdpr: { ip: ["none", "hmac", "truncated"], visitorId: true, fingerprint: true },
  standard: { ip: ["none", "hmac", "truncated", "full"], visitorId: true, fingerprint: true },
  hipaa: { ip: ["none"], visitorId: true, fingerprint: false },
};

type Identity = Pick<SiteSettings, "visitorId" | "fingerprint"> & { ip: IpPolicy };

/** The wishes as far as the profile fulfils them. */
export function within(profile: Profile, wanted: Identity): Identity {
  const { ip, visitorId, fingerprint } = LIMITS[profile];
  const nearest = ip.at(-1) ?? "none";
  return {
    ip: ip.includes(wanted.ip) ? wanted.ip : nearest,
    visitorId: visitorId ? wanted.visitorId : "none",
    fingerprint: fingerprint && wanted.fingerprint,
  };
}
