import { useCallback } from "react";
import type { Dimension } from "../../../lib/state/dimension";
import { exclude, include } from "../../../lib/state/filter";
import { useOverview } from "../context";
import type { RowIntent } from "./intent";
import { useMarking } from "./Marking";

/** Carries out what a click or a key on a value means. */
export function useRowIntent(dimension: Dimension): (intent: RowIntent, value: string) => void {
  const { state, change } = useOverview();
  const { marks, mark, apply } = useMarking();
  const { filter } = state;
  const anyMarked = marks.rows.length > 0;
  return useCallback(
    (intent: RowIntent, value: string) => {
      switch (intent) {
        case "include":
          return change({ filter: include(filter, dimension, value) });
        case "exclude":
          return change({ filter: exclude(filter, dimension, value) });
        case "mark":
          return mark(dimension, value, "shift");
        case "mark-on":
          return mark(dimension, value, "enter");
        case "details":
          return anyMarked ? apply() : change({ details: dimension });
      }
    },
    [change, dimension, filter, mark, apply, anyMarked],
  );
}
