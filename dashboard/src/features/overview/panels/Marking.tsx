import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useState,
} from "react";
import { t } from "../../../lib/i18n";
import type { Dimension } from "../../../lib/state/dimension";
import { useOverview } from "../context";
import { filterWith, type Marks, NO_MARKS, toggleMark, type Until } from "./marks";

interface Marking {
  marks: Marks;
  mark: (dimension: Dimension, value: string, until: Until) => void;
  /** Filters by the marked rows. */
  apply: () => void;
}

const MarkingContext = createContext<Marking | null>(null);

/** Holds the marked rows of all panels until they become a filter, and says how they do. */
export function MarkingProvider({ children }: { children: ReactNode }) {
  const { state, change } = useOverview();
  const { filter } = state;
  const [held, setHeld] = useState({ marks: NO_MARKS, filter });
  // Marks belong to the view in which they were made.
  const marks = held.filter === filter ? held.marks : NO_MARKS;
  const mark = useCallback(
    (dimension: Dimension, value: string, until: Until) =>
      setHeld((before) => ({
        marks: toggleMark(
          before.filter === filter ? before.marks : NO_MARKS,
          dimension,
          value,
          until,
        ),
        filter,
      })),
    [filter],
  );
  const drop = useCallback(() => setHeld({ marks: NO_MARKS, filter }), [filter]);
  const apply = useCallback(() => {
    drop();
    change({ filter: filterWith(filter, marks) });
  }, [drop, change, filter, marks]);
  useEndOfMarking(marks, apply, drop);
  const value = useMemo(() => ({ marks, mark, apply }), [marks, mark, apply]);
  return (
    <MarkingContext value={value}>
      {children}
      <p
        role="status"
        className="pointer-events-none fixed inset-x-0 bottom-4 z-40 flex justify-center px-4 text-sm"
      >
        {marks.rows.length > 0 && (
          <span className="rounded-full border border-line bg-card px-4 py-2 shadow-l">
            {marks.until === "shift"
              ? t("{n} marked. Release Shift to filter.", { n: marks.rows.length })
              : t("{n} marked. Enter filters, Esc cancels.", { n: marks.rows.length })}
          </span>
        )}
      </p>
    </MarkingContext>
  );
}

export function useMarking(): Marking {
  const marking = useContext(MarkingContext);
  if (!marking) throw new Error("useMarking outside of MarkingProvider");
  return marking;
}

function useEndOfMarking(marks: Marks, apply: () => void, drop: () => void): void {
  useEffect(() => {
    if (marks.rows.length === 0) return;
    const released = (event: KeyboardEvent) => {
      if (event.key === "Shift" && marks.until === "shift") apply();
    };
    // The release is never heard of in another window.
    const left = () => marks.until === "shift" && apply();
    const pressed = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      // It is also the key that clears all filters.
      event.stopPropagation();
      drop();
    };
    addEventListener("keyup", released);
    addEventListener("blur", left);
    addEventListener("keydown", pressed, true);
    return () => {
      removeEventListener("keyup", released);
      removeEventListener("blur", left);
      removeEventListener("keydown", pressed, true);
    };
  }, [marks, apply, drop]);
}
