import { useQuery } from "@tanstack/react-query";
import type { BreakdownRow } from "../../../api/reports";
import type { Dimension } from "../../../lib/state/dimension";
import { useOverview } from "../context";
import { valueLabel } from "../dimensions";
import { breakdownQuestion, reportQuery, type Scope } from "../reports";
import { searchFilter } from "../search";
import { useSettled } from "../useSettled";

const SHOWN = 30;

/** Dimensions whose values are codes: people look for what they are called. */
const NAMED: readonly Dimension[] = ["country", "language", "channel", "device", "event"];

/** Values that occur in the period and hold the typed text, the most frequent first. */
export function useSuggestions(
  dimension: Dimension,
  typed: string,
  enabled: boolean,
): readonly BreakdownRow[] {
  const { scope } = useOverview();
  const text = useSettled(typed.trim());
  const named = NAMED.includes(dimension);
  const unfiltered = { ...scope.common };
  delete unfiltered.filters;
  const filters = named ? null : searchFilter(dimension, text);
  const asked: Scope = {
    ...scope,
    compare: null,
    common: { ...unfiltered, ...(filters ? { filters: JSON.stringify([filters]) } : {}) },
  };
  const question = breakdownQuestion(asked, dimension, named ? 200 : SHOWN, ["visitors"]);
  const { data } = useQuery({ ...reportQuery(question, `suggest ${dimension}`), enabled });
  const wanted = typed.trim().toLowerCase();
  // At once, also while the server still looks: nobody should take a value that no longer matches.
  return (data?.rows ?? []).filter(({ value }) =>
    `${value} ${valueLabel(dimension, value)}`.toLowerCase().includes(wanted),
  );
}
