/** Amounts in minor units (cents), with as many digits as the currency has. */
import { locale, remembered } from "./locale";

const format = remembered((key) => {
  const [tag = "en", currency = "EUR"] = key.split("|");
  return new Intl.NumberFormat(tag, { style: "currency", currency });
});

export function formatMoney(minor: number, currency: string): string {
  // A stranger's text may be no currency at all.
  if (!/^[A-Z]{3}$/.test(currency)) return `${minor} ${currency}`;
  const made = format(`${locale()}|${currency}`);
  return made.format(minor / 10 ** (made.resolvedOptions().maximumFractionDigits ?? 2));
}
