import type { Finding, FindingCode } from "../../api/types";
import { t } from "../../lib/i18n";
import { QUARANTINE, reasonLabel } from "../overview/health/words";

interface Words {
  title: string;
  /** What to do about it. */
  fix: string;
}

/** What a finding means and how to mend it, in plain words. */
export function wordsFor({ code, host, count, detail }: Finding): Words {
  const n = count;
  const from = host ?? t("an unknown host");
  const words: Record<FindingCode, () => Words> = {
    foreign_origin: () => ({
      title: t("{n, plural, one {# event} other {# events}} from {from} refused", { n, from }),
      fix: t("That host is not among this site’s domains. If it is yours, add it."),
    }),
    bot: () => ({
      title: t("{n, plural, one {# visit} other {# visits}} by a bot", { n }),
      fix: t(
        "Bots are left out of all reports. Open the site yourself, in a usual browser window.",
      ),
    }),
    consent_pending: () => ({
      title: t("The script waits for consent"),
      fix: t(
        "It is told to be silent until the visitor answers. Agree in your banner, or check that the banner calls clew('consent', …).",
      ),
    }),
    quarantined: () => ({
      title: t("{n, plural, one {# event} other {# events}} set aside", { n }),
      fix: t("Something about them was not right, so they are not counted. Reason: {reason}", {
        reason: detail ? reasonLabel(QUARANTINE, detail) : t("unknown"),
      }),
    }),
    script_not_loaded: () => ({
      title: t("Nobody has asked for the script yet"),
      fix: t(
        "Is the line in the pages that visitors see, and published? Caches of the site may have to be emptied.",
      ),
    }),
    script_without_events: () => ({
      title: t("The script loads, but no event arrives"),
      fix: t(
        "A blocker or a content security policy may stop it. Try without blockers, allow this server in connect-src, or collect under your own domain (below).",
      ),
    }),
    tracker_error: () => ({
      title: t("The script reported an error"),
      fix: detail ?? t("Look into the browser’s console on that page."),
    }),
  };
  return words[code]?.() ?? { title: code, fix: detail ?? "" };
}
