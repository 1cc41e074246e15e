/** Numbers as people read them. Null, "there is no such number", is a dash everywhere. */
import { locale, remembered } from "./locale";

export const NOTHING = "–";
type Maybe = number | null | undefined;

const plain = remembered((tag) => new Intl.NumberFormat(tag, { maximumFractionDigits: 2 }));
const compact = remembered(
  (tag) => new Intl.NumberFormat(tag, { notation: "compact", maximumFractionDigits: 1 }),
);
const percent = remembered((key) => {
  const [tag = "en", digits = "0"] = key.split("|");
  return new Intl.NumberFormat(tag, {
    style: "percent",
    minimumFractionDigits: 0,
    maximumFractionDigits: Number(digits),
  });
});
const decimal = remembered(
  (tag) => new Intl.NumberFormat(tag, { minimumFractionDigits: 1, maximumFractionDigits: 2 }),
);

/** `12,345.6`: the whole number, for tables and titles. */
export function formatNumber(n: Maybe): string {
  return isNumber(n) ? plain(locale()).format(n) : NOTHING;
}

/** `12.3k`: as many digits as matter. Below 10,000 every digit does. */
export function formatCompact(n: Maybe): string {
  if (!isNumber(n)) return NOTHING;
  if (Math.abs(n) < 10_000) return plain(locale()).format(n);
  const parts = compact(locale()).formatToParts(n);
  return parts
    .map(({ type, value }) => (type === "compact" && value === "K" ? "k" : value))
    .join("");
}

/** `3.05`: a mean of small counts. */
export function formatMean(n: Maybe): string {
  return isNumber(n) ? decimal(locale()).format(n) : NOTHING;
}

/** Of a number from 0 to 100: `33%`, below ten with one decimal. */
export function formatPercent(n: Maybe): string {
  if (!isNumber(n)) return NOTHING;
  const digits = n !== 0 && Math.abs(n) < 9.95 ? 1 : 0;
  return percent(`${locale()}|${digits}`).format(n / 100);
}

const TWO_DIGITS = (n: number) => String(n).padStart(2, "0");

/** Of seconds: `47s`, `2m 05s`, `1h 07m`. */
export function formatDuration(seconds: Maybe): string {
  if (!isNumber(seconds)) return NOTHING;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m ${TWO_DIGITS(whole % 60)}s`;
  const minutes = Math.round(whole / 60);
  return `${formatNumber(Math.floor(minutes / 60))}h ${TWO_DIGITS(minutes % 60)}m`;
}

export function isNumber(n: Maybe): n is number {
  return typeof n === "number" && Number.isFinite(n);
}
