import type { Site, SiteHealth } from "../../../api/types";
import { siteAddress } from "../../../lib/address";
import { formatDate } from "../../../lib/format/date";
import { formatNumber, formatPercent } from "../../../lib/format/number";
import { t } from "../../../lib/i18n";
import { Bars } from "../../../ui/charts/Bars";
import { type Share, ShareBar } from "../../../ui/charts/ShareBar";
import { TextLink } from "../../../ui/TextLink";
import { AllowHost } from "../../sites/AllowHost";
import { strangers } from "./verdicts";
import { CONSENT, IDENTITY, QUARANTINE, REFUSAL, reasonLabel } from "./words";

/** The parts behind the strip's few words. */
export default function HealthDetails({ health, site }: { health: SiteHealth; site: Site }) {
  const zone = site.timeZone;
  const { received, quarantinedBy, identity, consent } = health;
  const refused = strangers(health);
  const reasons = Object.entries(quarantinedBy).filter(([, count]) => count > 0);
  return (
    <div className="grid grid-cols-1 gap-x-10 gap-y-8 border-t border-line px-4 py-5 sm:grid-cols-2 xl:grid-cols-4">
      <div>
        <ShareBar
          title={t("Received events")}
          shares={shares({
            [t("Counted")]: received.counted,
            [t("Bots, not counted")]: received.bots,
            [t("Kept aside")]: received.quarantined,
          })}
        />
        <p className="mt-2">
          <TextLink href={siteAddress(site, "/bots")}>{t("Which bots")}</TextLink>
        </p>
      </div>
      <div>
        <ShareBar title={t("Consent, by event")} shares={shares(worded(CONSENT, consent))} />
        <p className="mt-2">
          <TextLink href={siteAddress(site, "/privacy")}>
            {t("What is kept by which answer")}
          </TextLink>
        </p>
      </div>
      <ShareBar
        title={t("How visitors were recognised")}
        shares={shares(worded(IDENTITY, identity))}
      />
      <div className="grid grid-cols-1 content-start gap-6">
        <div>
          <h3 className="mb-2 font-semibold">{t("Why events were kept aside")}</h3>
          {reasons.length === 0 ? (
            <p className="text-muted">{t("None were.")}</p>
          ) : (
            <Bars
              label={t("Why events were kept aside")}
              bars={reasons.map(([code, value]) => ({
                key: code,
                label: reasonLabel(QUARANTINE, code),
                value,
                text: formatNumber(value),
              }))}
            />
          )}
        </div>
        <div>
          <h3 className="mb-2 font-semibold">
            {t("Turned away since {time}", {
              time: formatDate(Date.parse(health.refusedSince), "moment", zone),
            })}
          </h3>
          {refused.length === 0 && <p className="text-muted">{t("None were.")}</p>}
          <ul className="grid grid-cols-1 gap-2">
            {refused.map(({ code, host, count, lastAt }) => (
              <li key={`${code} ${host ?? ""}`}>
                <p>
                  {formatNumber(count)} × {reasonLabel(REFUSAL, code)}
                </p>
                <p className="flex gap-2 text-muted">
                  {host && (
                    <bdi className="min-w-0 truncate" title={host}>
                      {host}
                    </bdi>
                  )}
                  {lastAt && (
                    <span className="shrink-0">
                      {t("last {time}", { time: formatDate(Date.parse(lastAt), "moment", zone) })}
                    </span>
                  )}
                </p>
                {code === "foreign_origin" && host && <AllowHost site={site} host={host} />}
              </li>
            ))}
          </ul>
        </div>
      </div>
    </div>
  );
}

function worded(words: Readonly<Record<string, string>>, counts: Readonly<Record<string, number>>) {
  return Object.fromEntries(
    Object.entries(counts).map(([code, count]) => [reasonLabel(words, code), count]),
  );
}

function shares(counts: Readonly<Record<string, number>>): Share[] {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return Object.entries(counts).map(([label, count]) => ({
    label,
    count,
    text:
      total > 0
        ? `${formatNumber(count)} · ${formatPercent((count / total) * 100)}`
        : formatNumber(count),
  }));
}
