/**
 * Points in time on the wall clock of a zone, with the zone rules of the browser's `Intl`.
 */
import { addDays, type CivilDate, fromUtc, toUtc } from "./civil";

const formats = new Map<string, Intl.DateTimeFormat>();

function wallFormat(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: known(zone),
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
    formats.set(zone, format);
  }
  return format;
}

/** A zone that this browser does not know is shown in UTC rather than not at all. */
export function known(zone: string): string {
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: zone });
    return zone;
  } catch {
    return "UTC";
  }
}

/** What the wall clock shows, as milliseconds of a UTC clock showing the same. */
export function wallClock(ms: number, zone: string): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of wallFormat(zone).formatToParts(ms)) parts[type] = Number(value);
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((ms % 1000) + 1000) % 1000);
}

export function dateIn(zone: string, ms: number): CivilDate {
  return fromUtc(wallClock(ms, zone));
}

/** The first instant of a day, also where midnight does not exist or comes twice. */
export function startOfDay(date: CivilDate, zone: string): number {
  const midnight = toUtc(date);
  const candidates = [midnight - 86_400_000, midnight, midnight + 86_400_000]
    .map((near) => midnight - (wallClock(near, zone) - near))
    .sort((a, b) => a - b);
  for (const instant of candidates) if (dateIn(zone, instant) >= date) return instant;
  return candidates.at(-1) ?? midnight;
}

/** The first instant after a day. */
export function endOfDay(date: CivilDate, zone: string): number {
  return startOfDay(addDays(date, 1), zone);
}

/** The instant at which the wall clock shows this, near enough for shifting ranges. */
export function instantOf(wall: number, zone: string): number {
  const first = wall - (wallClock(wall, zone) - wall);
  return wall - (wallClock(first, zone) - first);
}
