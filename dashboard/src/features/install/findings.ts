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
    origin_required: () => ({
      title: t("{n, plural, one {# event} other {# events}} from no page refused", { n }),
      fix: t(
        "This site takes events from pages only. A server needs a secret key with the scope ingest.",
      ),
    }),
    foreign_host: () => ({
      title: t("{n, plural, one {# event} other {# events}} about pages elsewhere set aside", {
        n,
      }),
      fix: t("The host of these pages is not among this site’s domains. If it is yours, add it."),
    }),
    wrong_key: () => ({
      title: t("{n, plural, one {# request} other {# requests}} with a wrong write key", { n }),
      fix: t("The key is nobody’s, or another site’s. This site’s own stands on this page."),
    }),
    blocked_ip: () => ({
      title: t("{n, plural, one {# event} other {# events}} from a blocked address", { n }),
      fix: t("Blocked addresses are never counted. Their list is in the settings."),
    }),
    testing_ip: () => ({
      title: t("{n, plural, one {# event} other {# events}} from a tester’s address", { n }),
      fix: t("They are shown live and never counted. The list of testers is in the settings."),
    }),
    paused: () => ({
      title: t("The site is paused"),
      fix: t("It takes no events until somebody switches it on again in its settings."),
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
  };
  // A newer server may find what this page has no words for yet.
  return words[code]?.() ?? { title: reasonLabel({}, code), fix: detail ?? "" };
}
