import type { Score } from "../../api/visitors";
import { formatNumber } from "../../lib/format/number";
import { t } from "../../lib/i18n";
import { Badge } from "../../ui/Badge";
import { Card } from "../../ui/Card";

interface Props {
  title: string;
  description: string;
  score: Score;
}

/** A number with everything that it is the sum of. */
export function ScoreCard({ title, description, score }: Props) {
  return (
    <Card
      title={title}
      actions={
        score.version > 0 && (
          <span className="text-2xl font-semibold">{formatNumber(score.score)}</span>
        )
      }
    >
      <p className="-mt-3 mb-4 text-sm text-muted">{description}</p>
      {score.version === 0 ? (
        <p className="text-sm text-muted">{t("Not rated.")}</p>
      ) : score.reasons.length === 0 ? (
        <p className="text-sm text-muted">{t("There is no reason for any points.")}</p>
      ) : (
        <ul className="flex flex-col gap-2 text-sm" aria-label={t("Reasons")}>
          {score.reasons.map(({ code, points, text }) => (
            <li key={code} className="flex items-start justify-between gap-3">
              <span lang="en" className="min-w-0 wrap-anywhere">
                {text}
              </span>
              <Badge>{points > 0 ? `+${formatNumber(points)}` : formatNumber(points)}</Badge>
            </li>
          ))}
        </ul>
      )}
      {score.version > 0 && (
        <p className="mt-4 text-xs text-muted">{t("Rules, version {n}", { n: score.version })}</p>
      )}
    </Card>
  );
}
