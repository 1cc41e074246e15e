import type { ClewConsent, ClewConsentMode } from "../../clew";

/** Consent Mode v2 as purposes; other maps pass unchanged. Marketing takes all of the advertising
 *  answers that were given, and one refusal among them is enough. */
export function purposesOf(state?: ClewConsentMode): ClewConsent | undefined {
  const mapped: ClewConsent = Object.assign({}, state as ClewConsent);
  for (const name in mapped) {
    const purpose = name === "analytics_storage" ? "analytics" : /^ad_/.test(name) && "marketing";
    const answer = mapped[name as "analytics"] as unknown;
    if (/_/.test(name)) delete mapped[name as "analytics"];
    if (purpose && mapped[purpose] !== false) mapped[purpose] = answer === "granted";
  }
  return mapped;
}
