/** How a number changed against the one it is compared with. */

import { locale, remembered } from "./locale";
import { formatPercent, isNumber, NOTHING } from "./number";

export interface Change {
  /** Percent of the earlier number, or percentage points where the numbers are percentages
   *  themselves. Null: there is nothing to divide by. */
  amount: number | null;
  direction: "up" | "down" | "same";
}

/** Null when one of the two does not exist. */
export function changeOf(
  now: number | null | undefined,
  before: number | null | undefined,
  inPoints = false,
): Change | null {
  if (!isNumber(now) || !isNumber(before)) return null;
  const difference = now - before;
  const direction = difference > 0 ? "up" : difference < 0 ? "down" : "same";
  if (inPoints) return { amount: difference, direction };
  if (before === 0) return { amount: now === 0 ? 0 : null, direction };
  return { amount: (difference / before) * 100, direction };
}

const points = remembered(
  (tag) => new Intl.NumberFormat(tag, { maximumFractionDigits: 1, signDisplay: "never" }),
);

/** Without sign: an arrow stands beside it. `12%`, `3.2 pp`; a dash where nothing can be divided. */
export function formatChange({ amount }: Change, inPoints = false): string {
  if (amount === null) return NOTHING;
  const size = Math.abs(amount);
  if (inPoints) return `${points(locale()).format(size)} pp`;
  return size > 999 ? `>${formatPercent(999)}` : formatPercent(size);
}
