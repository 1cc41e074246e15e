/** The table of what is kept by what a visitor answered: a row a thing, a column an answer. */
import type { PrivacySummary } from "../../api/privacy";

type Table = PrivacySummary["table"];

export interface KeptRow {
  thing: string;
  /** By column. */
  kept: boolean[];
}

/** In the order in which the answers first name them, what is kept somewhere before what never is. */
export function keptRows(table: Table): KeptRow[] {
  const things = new Set([
    ...table.flatMap(({ keeps }) => keeps),
    ...table.flatMap(({ forbids }) => forbids),
  ]);
  return [...things].map((thing) => ({
    thing,
    kept: table.map(({ keeps }) => keeps.includes(thing)),
  }));
}
