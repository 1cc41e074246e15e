import type { BreakdownRow, Metric } from "../../../api/reports";

export interface Sorting {
  by: Metric;
  descending: boolean;
}

/** Rows in order of a number; rows without it come last, whichever way. */
export function sorted(rows: readonly BreakdownRow[], { by, descending }: Sorting): BreakdownRow[] {
  const sign = descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [x, y] = [a[by] ?? null, b[by] ?? null];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return sign * (x - y);
  });
}
