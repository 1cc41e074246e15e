import type { ClewConsentMode } from "../../clew";
import { handFull } from "./install";

type Settings = ClewConsentMode & { wait_for_update?: number };

const NAMES = ["analytics_storage", "ad_storage", "ad_user_data", "ad_personalization"] as const;

/** Follows Google's Consent Mode v2: what the site's consent tool tells `gtag` about consent, Clew
 *  hears too, commands given before included. */
handFull((verbs) => {
  const consent = verbs.consent as (state: "pending" | ClewConsentMode) => void;
  /** Some defaults hold for some regions only. Which one this is nobody here knows, so the refusals
   *  among them win. */
  const defaults: ClewConsentMode = {};
  let answered = false;
  let wait: ReturnType<typeof setTimeout> | undefined;

  function answer(state: "pending" | ClewConsentMode): void {
    answered = true;
    clearTimeout(wait);
    consent(state);
  }

  function byDefault(settings: Settings): void {
    NAMES.forEach((name) => {
      if (settings[name] && defaults[name] !== "denied") defaults[name] = settings[name];
    });
    clearTimeout(wait);
    if (settings.wait_for_update) {
      consent("pending");
      wait = setTimeout(() => consent(defaults), settings.wait_for_update);
    } else consent(defaults);
  }

  function read(command: ArrayLike<unknown> | undefined): void {
    if (!command || command[0] !== "consent") return;
    const settings = command[2] as Settings;
    if (command[1] === "update") {
      const given: ClewConsentMode = {};
      NAMES.forEach((name) => {
        if (settings[name]) given[name] = settings[name];
      });
      (verbs.consent as typeof consent)(given);
    } else if (command[1] === "default" && !answered) byDefault(settings);
  }

  // Whoever answers ends the waiting, be it the site's own call.
  verbs.consent = answer as never;

  const scope = window as unknown as { dataLayer?: ArrayLike<unknown>[] };
  scope.dataLayer = scope.dataLayer || [];
  const layer = scope.dataLayer;
  layer.slice().forEach(read);
  // Tag Manager replaces `push` as well and calls the one it found.
  const push = layer.push;
  layer.push = function () {
    // biome-ignore lint/complexity/noArguments: rest parameters cost a helper loop in ES5
    const commands = arguments as unknown as ArrayLike<unknown>[];
    const length = push.apply(layer, commands as never);
    Array.prototype.slice.call(commands).forEach(read);
    return length;
  };
});
