/** What an audit entry says of itself, as lines that can be read. Values are whatever was recorded:
 *  shown as they are, never interpreted. */

/** What stands for a value that there was none of. */
export const NOTHING = "–";

export interface ChangeLine {
  field: string;
  /** Null: only that it changed is recorded, because the value may be personal. */
  values: { old: string; new: string } | null;
}

export interface Detail {
  changes: ChangeLine[];
  /** Everything else, as name and text. */
  facts: [string, string][];
}

export function detailOf(detail: unknown): Detail {
  if (detail === null || typeof detail !== "object") {
    return {
      changes: [],
      facts: detail === null || detail === undefined ? [] : [["", said(detail)]],
    };
  }
  const { changes, ...rest } = detail as Record<string, unknown>;
  const changed = changes !== null && typeof changes === "object" ? Object.entries(changes) : [];
  return {
    changes: changed.map(([field, change]) => ({ field, values: valuesOf(change) })),
    facts: Object.entries(rest).map(([name, value]) => [name, said(value)]),
  };
}

function valuesOf(change: unknown): ChangeLine["values"] {
  if (change === null || typeof change !== "object") return null;
  const given = change as Record<string, unknown>;
  return "old" in given || "new" in given ? { old: said(given.old), new: said(given.new) } : null;
}

function said(value: unknown): string {
  if (value === null || value === undefined) return NOTHING;
  if (Array.isArray(value) && value.every((one) => typeof one !== "object"))
    return value.length > 0 ? value.join(", ") : NOTHING;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
