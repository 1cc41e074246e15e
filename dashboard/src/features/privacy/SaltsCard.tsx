import type { PrivacySummary } from "../../api/privacy";
import { moment } from "../../lib/ago";
import { t } from "../../lib/i18n";
import { Ago } from "../../ui/Ago";
import { Badge } from "../../ui/Badge";
import { Card } from "../../ui/Card";
import { Fact, Facts } from "../../ui/Facts";

/** The random numbers without which a day's hashes lead back to nobody, and the proof that they go. */
export function SaltsCard({ summary }: { summary: PrivacySummary }) {
  const { living, destroyed } = summary.salts;
  return (
    <Card
      title={t("Salts of the daily hash")}
      description={t(
        "One of 256 random bits for each day, destroyed within 48 hours. After that nobody can tell whose hash it was, this server included.",
      )}
      actions={
        destroyed.chainOk ? (
          <Badge tone="good">{t("Log unbroken")}</Badge>
        ) : (
          <Badge tone="bad">{t("Log broken")}</Badge>
        )
      }
    >
      <Facts>
        <Fact name={t("Living")}>
          {living.length === 0 ? (
            t("None: nobody has visited lately.")
          ) : (
            <ul>
              {living.map(({ day, destroyAt }) => (
                <li key={day}>
                  {day}
                  {" · "}
                  <span className="text-muted">
                    {t("destroyed")} <Ago time={destroyAt} />
                  </span>
                </li>
              ))}
            </ul>
          )}
        </Fact>
        <Fact name={t("Destroyed")}>
          {t("{n, plural, =0 {None yet} one {# so far} other {# so far}}", { n: destroyed.count })}
        </Fact>
        <Fact name={t("Last one")}>
          {destroyed.lastAt ? moment(destroyed.lastAt) : t("not yet")}
        </Fact>
      </Facts>
      {!destroyed.chainOk && (
        <p role="alert" className="mt-4 text-sm text-bad">
          {t(
            "An entry of the log of destruction was changed or is missing. Compare it with a backup, and find out who had access to the data folder.",
          )}
        </p>
      )}
    </Card>
  );
}
