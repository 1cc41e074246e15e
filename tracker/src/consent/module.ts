import type { FullInstall } from "../lib/internals";

/** Adds `optOut` and `optIn`, and fetches the module `fp` if and when it may run. */
export const installOptOut: FullInstall = (verbs, _past, purposes, _now, shared) => {
  const answer = verbs.consent as (state: string) => void;
  let asked = false;

  function fingerprint(): void {
    if (asked || !shared.config.fingerprint || !purposes.analytics) return;
    if (shared.optedOut() || navigator.globalPrivacyControl) return;
    asked = true;
    (verbs.load as (name: string) => void)("fp");
  }

  verbs.consent = (state: never) => {
    answer(state);
    fingerprint();
  };

  verbs.optOut = () => {
    // Kept under every profile: a refusal that nobody remembers would have to be given on every page.
    try {
      localStorage.setItem("clew_off", "1");
    } catch {}
    answer("denied");
  };

  verbs.optIn = () => {
    try {
      localStorage.removeItem("clew_off");
    } catch {}
    answer("granted");
    fingerprint();
  };

  fingerprint();
};
