/**
 * Calendar dates without a clock: `YYYY-MM-DD` texts and their arithmetic.
 *
 * Owns what a calendar knows by itself. Refuses to know zones: see `zone.ts`.
 */

/** A date as `YYYY-MM-DD`. Compares and sorts as text. */
export type CivilDate = string;

const SHAPE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DAY_MS = 86_400_000;

/** The date if it exists in the calendar and lies in years the server accepts. */
export function parseDate(text: string): CivilDate | null {
  const match = SHAPE.exec(text);
  if (!match) return null;
  const year = Number(match[1]);
  if (year < 1970 || year > 9000) return null;
  return fromUtc(Date.UTC(year, Number(match[2]) - 1, Number(match[3]))) === text ? text : null;
}

/** Midnight of the date as if it were UTC: a number to calculate with, no point in time. */
export function toUtc(date: CivilDate): number {
  const [year, month, day] = date.split("-").map(Number);
  return Date.UTC(year ?? 1970, (month ?? 1) - 1, day ?? 1);
}

export function fromUtc(ms: number): CivilDate {
  return new Date(ms).toISOString().slice(0, 10);
}

export function addDays(date: CivilDate, days: number): CivilDate {
  return fromUtc(toUtc(date) + days * DAY_MS);
}

/** The same day of another month, or that month's last one: 31 March − 1 month is 28 February. */
export function addMonths(date: CivilDate, months: number): CivilDate {
  const moved = new Date(toUtc(date));
  const day = moved.getUTCDate();
  moved.setUTCDate(1);
  moved.setUTCMonth(moved.getUTCMonth() + months);
  const last = new Date(Date.UTC(moved.getUTCFullYear(), moved.getUTCMonth() + 1, 0)).getUTCDate();
  moved.setUTCDate(Math.min(day, last));
  return fromUtc(moved.getTime());
}

export const firstOfMonth = (date: CivilDate): CivilDate => `${date.slice(0, 7)}-01`;
export const lastOfMonth = (date: CivilDate): CivilDate =>
  addDays(addMonths(firstOfMonth(date), 1), -1);
export const firstOfYear = (date: CivilDate): CivilDate => `${date.slice(0, 4)}-01-01`;
export const lastOfYear = (date: CivilDate): CivilDate => `${date.slice(0, 4)}-12-31`;

/** Days from `from` to `to`; 0 for the same day. */
export function daysBetween(from: CivilDate, to: CivilDate): number {
  return Math.round((toUtc(to) - toUtc(from)) / DAY_MS);
}
