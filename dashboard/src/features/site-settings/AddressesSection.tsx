import type { Site } from "../../api/types";
import { t } from "../../lib/i18n";
import { NetworkList } from "./NetworkList";

/** Whose events are taken differently, by address. The address is compared when an event arrives and
 *  is kept only as the site says. */
export function AddressesSection({ site }: { site: Site }) {
  return (
    <>
      <NetworkList
        site={site}
        list="blockedIps"
        title={t("Blocked")}
        description={t(
          "Kept apart and never counted: your own office, known abusers. How many were kept apart is said with every report.",
        )}
        none={t("Nobody is blocked.")}
      />
      <NetworkList
        site={site}
        list="testingIps"
        title={t("Testing")}
        description={t(
          "Seen in the live view, marked as tests, and never counted: for people who try things out.",
        )}
        none={t("Nobody is testing.")}
      />
      <NetworkList
        site={site}
        list="whitelistedIps"
        title={t("Trusted")}
        description={t(
          "Neither limited in number nor rated as suspicious: your monitoring, a large office behind one address. They count like everybody else.",
        )}
        none={t("Nobody is trusted more than others.")}
      />
    </>
  );
}
