import type { Touch, Visitor } from "../../api/visitors";
import { formatDate } from "../../lib/format/date";
import { t } from "../../lib/i18n";
import { Badge } from "../../ui/Badge";
import { Card } from "../../ui/Card";
import { valueLabel } from "../overview/dimensions";

/** What led this visitor here, each time. The first one never changes. */
export function TouchesCard({ visitor, zone }: { visitor: Visitor; zone: string }) {
  const { touches, firstTouch, lastTouch } = visitor;
  return (
    <Card
      title={t("How they came")}
      description={t("One entry for each way that led here, the oldest first.")}
    >
      {touches.length === 0 && (
        <p className="text-sm text-muted">
          {t("No touch is known: they came before touches were kept, or agreed to none.")}
        </p>
      )}
      <ol className="relative flex flex-col gap-5 before:absolute before:inset-y-2 before:left-[5px] before:w-px before:bg-line">
        {touches.map((touch) => (
          <li key={touch.eventId} className="relative pl-6">
            <span
              aria-hidden="true"
              className="absolute top-1.5 left-0 size-[11px] rounded-full border-2 border-accent bg-card"
            />
            <p className="flex flex-wrap items-baseline gap-x-2 gap-y-1">
              <span className="font-medium">{valueLabel("channel", touch.channel)}</span>
              {touch.eventId === firstTouch?.eventId && (
                <Badge tone="accent">{t("First touch")}</Badge>
              )}
              {touch.eventId === lastTouch?.eventId && touches.length > 1 && (
                <Badge>{t("Last touch")}</Badge>
              )}
              <time dateTime={touch.at} className="ml-auto text-sm text-muted">
                {formatDate(Date.parse(touch.at), "moment", zone)}
              </time>
            </p>
            <Details touch={touch} />
          </li>
        ))}
      </ol>
    </Card>
  );
}

function Details({ touch }: { touch: Touch }) {
  const parts: [string, string][] = [
    [t("Source"), touch.source],
    [t("Medium"), touch.medium],
    [t("Campaign"), touch.campaign],
    [t("Content"), touch.content],
    [t("Term"), touch.term],
    [t("Click ID"), [touch.clickIdKind, touch.clickId].filter(Boolean).join(" ")],
    [t("Referrer"), touch.referrerHost],
    [t("Landing page"), touch.landingPath],
  ];
  const said = parts.filter(([, value]) => value);
  return (
    <dl className="mt-1 flex flex-wrap gap-x-4 gap-y-0.5 text-sm">
      {said.map(([name, value]) => (
        <div key={name} className="flex max-w-full min-w-0 gap-1.5">
          <dt className="shrink-0 text-muted">{name}</dt>
          <dd className="min-w-0 truncate" title={value}>
            <bdi>{value}</bdi>
          </dd>
        </div>
      ))}
    </dl>
  );
}
