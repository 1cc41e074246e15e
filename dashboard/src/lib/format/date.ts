/** Times and ranges in the zone of a site, in the reader's language. */
import type { Interval } from "../time/interval";
import type { Span } from "../time/period";
import { known, wallClock } from "../time/zone";
import { locale, remembered } from "./locale";

const SHAPES = {
  time: { hour: "2-digit", minute: "2-digit" },
  seconds: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
  day: { day: "numeric", month: "short" },
  weekday: { weekday: "short", day: "numeric", month: "short" },
  date: { day: "numeric", month: "short", year: "numeric" },
  weekdayDate: { weekday: "short", day: "numeric", month: "short", year: "numeric" },
  moment: { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" },
  month: { month: "short", year: "numeric" },
  monthOnly: { month: "short" },
  monthLong: { month: "long", year: "numeric" },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;
export type DateShape = keyof typeof SHAPES;

const format = remembered((key) => {
  const [tag = "en", zone = "UTC", shape = "date"] = key.split("|");
  return new Intl.DateTimeFormat(tag, {
    ...SHAPES[shape as DateShape],
    timeZone: known(zone),
    ...(shape === "time" || shape === "seconds" || shape === "moment" ? { hourCycle: "h23" } : {}),
  });
});

export function formatDate(ms: number, shape: DateShape, zone: string): string {
  return format(`${locale()}|${zone}|${shape}`).format(ms);
}

/** A bucket as an axis names it. */
export function formatTick(ms: number, interval: Interval, span: number, zone: string): string {
  const midnight = wallClock(ms, zone) % 86_400_000 === 0;
  if (interval === "minute") return formatDate(ms, "time", zone);
  if (interval === "hour") return formatDate(ms, midnight && span > 1.2 ? "day" : "time", zone);
  if (interval === "month") return formatDate(ms, span > 400 ? "month" : "monthOnly", zone);
  return formatDate(ms, span > 400 ? "date" : "day", zone);
}

/** A bucket as a reader wants it named when looking at it. */
export function formatBucket(ms: number, interval: Interval, zone: string): string {
  if (interval === "minute" || interval === "hour") return formatDate(ms, "moment", zone);
  if (interval === "month") return formatDate(ms, "monthLong", zone);
  return formatDate(ms, "weekday", zone);
}

/** `15 – 21 Nov 2026`; with times where the range does not consist of whole days. */
export function formatSpan(span: Pick<Span, "from" | "to" | "days">, zone: string): string {
  const shape = span.days ? "date" : "moment";
  const last = span.days ? span.to - 1 : span.to;
  return format(`${locale()}|${zone}|${shape}`).formatRange(span.from, last);
}
