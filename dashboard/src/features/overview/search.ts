/** Looking for values by a part of them, whatever their case. */
import type { Dimension } from "../../lib/state/dimension";

const MAX_LENGTH = 60;

/** The condition of the API that finds them; null: no text, no condition. */
export function searchFilter(
  dimension: Dimension,
  text: string,
): ["matches", Dimension, [string]] | null {
  const wanted = text.trim().slice(0, MAX_LENGTH);
  if (wanted === "") return null;
  return ["matches", dimension, [`(?i)${wanted.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}`]];
}
