import type { FormField } from "../../api/types";

/** Which fields get which place when one of them goes up or down by one; empty when it cannot. Places
 *  become 0, 1, 2 …, and only those that change are named. */
export function places(fields: readonly FormField[], fieldId: string, by: -1 | 1) {
  const from = fields.findIndex((field) => field.fieldId === fieldId);
  const to = from + by;
  if (from < 0 || to < 0 || to >= fields.length) return new Map<string, number>();
  const after = [...fields];
  after.splice(to, 0, ...after.splice(from, 1));
  const changed = after.flatMap((field, place) =>
    field.order === place ? [] : [[field.fieldId, place] as const],
  );
  return new Map(changed);
}
