import type { PrivacySummary } from "../../api/privacy";
import { formatSpan } from "../../lib/format/date";
import { formatNumber, formatPercent } from "../../lib/format/number";
import { t } from "../../lib/i18n";
import { Card } from "../../ui/Card";
import { type Share, ShareBar } from "../../ui/charts/ShareBar";
import { CONSENT, IDENTITY, reasonLabel } from "../overview/health/words";

/** How visitors answered, and how they were recognised. */
export function MixCard(props: { summary: PrivacySummary; zone: string; className?: string }) {
  const { consentMix: mix, identityMix } = props.summary;
  if (!mix || !identityMix) {
    return (
      <Card className={props.className} title={t("Consent and recognition")}>
        <p className="text-sm text-muted">
          {t("Reports are not available right now; they come back by themselves.")}
        </p>
      </Card>
    );
  }
  const span = { from: Date.parse(mix.from), to: Date.parse(mix.to) };
  const { granted, denied, unknown } = mix;
  return (
    <Card
      className={props.className}
      title={t("Consent and recognition")}
      description={formatSpan(span, props.zone)}
    >
      {mix.events === 0 ? (
        <p className="text-sm text-muted">{t("No event has arrived in this time.")}</p>
      ) : (
        <div className="grid gap-x-10 gap-y-6 sm:grid-cols-2">
          <div>
            <ShareBar
              title={t("Consent, by event")}
              shares={shares(CONSENT, { granted, denied, unknown })}
            />
            <p className="mt-3 text-sm text-muted">
              {t(
                "{n, plural, =0 {No event} one {# event} other {# events}} came with the signal Global Privacy Control.",
                { n: mix.gpc },
              )}
            </p>
          </div>
          <ShareBar
            title={t("How visitors were recognised")}
            shares={shares(IDENTITY, identityMix)}
          />
        </div>
      )}
    </Card>
  );
}

function shares(
  words: Readonly<Record<string, string>>,
  counts: Readonly<Record<string, number>>,
): Share[] {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return Object.entries(counts).map(([code, count]) => ({
    label: reasonLabel(words, code),
    count,
    text:
      total > 0
        ? `${formatNumber(count)} · ${formatPercent((count / total) * 100)}`
        : formatNumber(count),
  }));
}
