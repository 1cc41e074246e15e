import { memo } from "react";
import type { EventView } from "../../api/types";
import { cx } from "../../lib/class";
import { formatDate } from "../../lib/format/date";
import { t } from "../../lib/i18n";
import { Badge } from "../../ui/Badge";
import { valueLabel } from "../overview/dimensions";
import { detail, isBot, typeOf } from "./tail-filter";

/** One event in a line: when, what, where, from where, on what. */
export const TailRow = memo(function TailRow({ event, zone }: { event: EventView; zone: string }) {
  const bot = detail(event, "bot");
  const apart = detail(event, "set_apart");
  const custom = event.name !== null && event.name !== "";
  const device = [detail(event, "device"), detail(event, "browser"), detail(event, "os")];
  const [kind = "", ...rest] = device;
  const country = detail(event, "country");
  const channel = detail(event, "channel");
  return (
    <li className="grid animate-rise grid-cols-[auto_minmax(0,1fr)] items-baseline gap-x-4 gap-y-0.5 border-b border-line/70 px-4 py-2 text-sm last:border-0 md:grid-cols-[4.5rem_minmax(6rem,11rem)_minmax(0,2fr)_minmax(0,1fr)_minmax(0,1fr)]">
      <time
        dateTime={event.timestamp}
        className="text-muted"
        title={formatDate(Date.parse(event.timestamp), "date", zone)}
      >
        {formatDate(Date.parse(event.timestamp), "seconds", zone)}
      </time>
      <span className="flex min-w-0 items-baseline gap-2">
        <bdi className={cx("truncate", custom && "font-medium text-accent")} title={typeOf(event)}>
          {valueLabel("event", typeOf(event))}
        </bdi>
        {isBot(event) && <Badge tone="warn">{t("Bot")}</Badge>}
        {apart === "testing" && <Badge tone="accent">{t("Test")}</Badge>}
        {apart === "blocked" && <Badge>{t("Blocked")}</Badge>}
      </span>
      <Text text={pathOf(event.url)} title={event.url ?? ""} className="max-md:col-start-2" />
      <span className="flex min-w-0 gap-x-3 text-muted max-md:col-start-2 md:contents">
        <Text
          text={bot || detail(event, "source") || (channel && valueLabel("channel", channel))}
        />
        <span className="flex min-w-0 gap-1.5">
          {country && (
            <span className="text-xs leading-5" title={valueLabel("country", country)}>
              {country}
            </span>
          )}
          <Text text={[kind && valueLabel("device", kind), ...rest].filter(Boolean).join(" · ")} />
        </span>
      </span>
    </li>
  );
});

function Text({
  text,
  title = text,
  className,
}: {
  text: string;
  title?: string;
  className?: string;
}) {
  return (
    <span className={cx("min-w-0 truncate", className)} title={title}>
      <bdi>{text}</bdi>
    </span>
  );
}

/** Path and query; the whole text where it is no address. */
function pathOf(url: string | null): string {
  if (!url || !URL.canParse(url)) return url ?? "";
  const { pathname, search } = new URL(url);
  return pathname + search;
}
