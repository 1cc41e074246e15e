/** What the health report means, in a few words each. */

import type { SiteHealth } from "../../../api/types";
import { formatNumber, formatPercent } from "../../../lib/format/number";
import { t } from "../../../lib/i18n";
import { REFUSAL } from "./words";

export interface Verdict {
  key: string;
  tone: "good" | "warn" | "bad" | "neutral";
  text: string;
}

const SLOW_SECONDS = 10;
const STUCK_SECONDS = 120;
/** Of all received events; beyond this somebody should look. */
const MANY_DROPPED = 0.05;

/** Requests that were refused for where they came from or what they showed. The rest of the list is
 *  counted elsewhere: bots and events set aside. */
export function strangers({ refused }: SiteHealth): SiteHealth["refused"] {
  return refused.filter(({ code }) => Object.hasOwn(REFUSAL, code));
}

export function verdicts(health: SiteHealth): Verdict[] {
  const { lag, received, consent, unverifiedOrigin, samplingRate } = health;
  const dropped = received.quarantined;
  const all = received.counted + received.bots + dropped;
  const turnedAway = strangers(health).reduce((sum, { count }) => sum + count, 0);
  const asked = consent.granted + consent.denied + consent.unknown;
  const found: (Verdict | false)[] = [
    {
      key: "lag",
      tone: lag.seconds >= STUCK_SECONDS ? "bad" : lag.seconds >= SLOW_SECONDS ? "warn" : "good",
      text:
        lag.seconds < SLOW_SECONDS
          ? t("Up to date")
          : t("{seconds} s behind, {events} events waiting", {
              seconds: formatNumber(Math.round(lag.seconds)),
              events: formatNumber(lag.records),
            }),
    },
    {
      key: "dropped",
      tone: dropped === 0 ? "good" : dropped / all > MANY_DROPPED ? "bad" : "warn",
      text:
        dropped === 0
          ? t("Nothing left out")
          : t("{share} of events left out", { share: formatPercent((dropped / all) * 100) }),
    },
    turnedAway > 0 && {
      key: "turned-away",
      tone: "warn",
      text: t("{n, plural, one {# request turned away} other {# requests turned away}}", {
        n: turnedAway,
      }),
    },
    all > 0 && {
      key: "bots",
      tone: "neutral",
      text: t("{share} bots", { share: formatPercent((received.bots / all) * 100) }),
    },
    asked > 0 && {
      key: "consent",
      tone: "neutral",
      text: t("Consent from {share}", { share: formatPercent((consent.granted / asked) * 100) }),
    },
    unverifiedOrigin > 0 && {
      key: "unverified",
      tone: "warn",
      text: t("{n, plural, one {# event of unproven origin} other {# events of unproven origin}}", {
        n: unverifiedOrigin,
      }),
    },
    samplingRate < 1 && {
      key: "sampling",
      tone: "warn",
      text: t("Sampled: {share} of events", { share: formatPercent(samplingRate * 100) }),
    },
  ];
  return found.filter((verdict) => verdict !== false);
}
