/**
 * Rows that were marked and are not asked for yet: together they become one filter.
 *
 * A panel that was limited to the first of them would not show the others any more.
 */
import type { Dimension } from "../../../lib/state/dimension";
import { type Filter, includeAlso, includedValues } from "../../../lib/state/filter";

/** What ends the marking: the released Shift key, or Enter after marks by `+`. Some keyboards need
 *  Shift for `+`, so that its release says nothing there. */
export type Until = "shift" | "enter";

export interface Marks {
  until: Until;
  rows: readonly { dimension: Dimension; value: string }[];
}

export const NO_MARKS: Marks = { until: "shift", rows: [] };

/** With a row marked, or no longer marked if it was. */
export function toggleMark(marks: Marks, dimension: Dimension, value: string, until: Until): Marks {
  const rows = marks.rows.filter((row) => row.dimension !== dimension || row.value !== value);
  if (rows.length === marks.rows.length) rows.push({ dimension, value });
  if (rows.length === 0) return NO_MARKS;
  return { until: marks.until === "enter" ? "enter" : until, rows };
}

/** What the marks make of the filter. A marked row that was chosen already is let go. */
export function filterWith(filter: Filter, marks: Marks): Filter {
  return marks.rows.reduce<Filter>(
    (before, { dimension, value }) => includeAlso(before, dimension, value),
    filter,
  );
}

/** The values of a dimension whose rows are shown as chosen. */
export function chosenValues(
  filter: Filter,
  marks: Marks,
  dimension: Dimension,
): readonly string[] {
  return includedValues(filterWith(filter, marks), dimension);
}
