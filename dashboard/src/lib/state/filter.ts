/**
 * What the numbers are limited to: conditions that all hold, or groups of which one must.
 *
 * Every function returns a new filter and leaves the given one as it is.
 */
import type { Dimension } from "./dimension";

export const OPERATORS = [
  "is",
  "is_not",
  "contains",
  "contains_not",
  "starts_with",
  "ends_with",
  "matches",
  "matches_not",
] as const;
export type Operator = (typeof OPERATORS)[number];

export interface Condition {
  op: Operator;
  dimension: Dimension;
  /** Alternatives, at least one; the negative operators want none of them. */
  values: string[];
}

/** One condition or more; one of them must hold. */
export type Group = readonly Condition[];
/** All groups must hold. */
export type Filter = readonly Group[];

export const MAX_CONDITIONS = 50;
export const MAX_VALUES = 200;
export const MAX_VALUE_BYTES = 1024;

/** Where a condition stands. */
export interface Place {
  group: number;
  condition: number;
}

/** A click on a row: exactly this value; clicking it again takes the condition away. */
export function include(filter: Filter, dimension: Dimension, value: string): Filter {
  const rest = without(filter, dimension);
  const held = single(filter, "is", dimension);
  if (held?.values.length === 1 && held.values[0] === value) return rest;
  return [...rest, [{ op: "is", dimension, values: [value] }]];
}

/** Alt-click: anything but this value, besides what is excluded already. */
export function exclude(filter: Filter, dimension: Dimension, value: string): Filter {
  const held = single(filter, "is_not", dimension);
  const values = held?.values.filter((v) => v !== value) ?? [];
  if (held?.values.includes(value)) return replaceSingle(filter, "is_not", dimension, values);
  const narrowed = drop(filter, "is", dimension, value);
  return replaceSingle(narrowed, "is_not", dimension, [...values, value]);
}

/** Shift-click: this value as well as those that are included already. */
export function includeAlso(filter: Filter, dimension: Dimension, value: string): Filter {
  const held = single(filter, "is", dimension);
  if (held?.values.includes(value)) return drop(filter, "is", dimension, value);
  return replaceSingle(filter, "is", dimension, [...(held?.values ?? []), value]);
}

export function add(filter: Filter, condition: Condition): Filter {
  return [...filter, [condition]];
}

export function remove(filter: Filter, { group, condition }: Place): Filter {
  return filter
    .map((conditions, g) =>
      g === group ? conditions.filter((_, c) => c !== condition) : conditions,
    )
    .filter((conditions) => conditions.length > 0);
}

export function replace(filter: Filter, { group, condition }: Place, by: Condition): Filter {
  if (by.values.length === 0) return remove(filter, { group, condition });
  return filter.map((conditions, g) =>
    g === group ? conditions.map((old, c) => (c === condition ? by : old)) : conditions,
  );
}

/** Makes two neighbouring groups one, of which any condition suffices. */
export function join(filter: Filter, group: number): Filter {
  const next = filter[group + 1];
  if (!next) return filter;
  return filter.flatMap((conditions, g) => {
    if (g === group) return [[...conditions, ...next]];
    return g === group + 1 ? [] : [conditions];
  });
}

/** Splits a group before a condition, so that both parts must hold. */
export function split(filter: Filter, { group, condition }: Place): Filter {
  return filter.flatMap((conditions, g) =>
    g === group && condition > 0
      ? [conditions.slice(0, condition), conditions.slice(condition)]
      : [conditions],
  );
}

const PLAIN: readonly Operator[] = [
  "is",
  "is_not",
  "contains",
  "contains_not",
  "starts_with",
  "ends_with",
];
const PATTERNS: readonly Operator[] = ["matches", "matches_not"];

/** The operator a click on the chip leads to. A text is no pattern, so each kind cycles by itself. */
export function nextOperator(op: Operator): Operator {
  const cycle = PATTERNS.includes(op) ? PATTERNS : PLAIN;
  return cycle[(cycle.indexOf(op) + 1) % cycle.length] ?? op;
}

/** The values of a dimension that are asked for, to mark their rows. */
export function includedValues(filter: Filter, dimension: Dimension): readonly string[] {
  return single(filter, "is", dimension)?.values ?? [];
}

type ApiCondition = [Operator, Dimension, string[]];
export type ApiFilter = (ApiCondition | ["or", ...ApiCondition[]])[];

/** As the API's `filters` parameter takes it; null without any condition. */
export function toApi(filter: Filter): ApiFilter | null {
  const groups = filter.map((group): ApiFilter[number] | null => {
    const conditions = group.map(
      ({ op, dimension, values }): ApiCondition => [op, dimension, values],
    );
    const [first, ...more] = conditions;
    if (!first) return null;
    return more.length === 0 ? first : ["or", first, ...more];
  });
  const present = groups.filter((group) => group !== null);
  return present.length > 0 ? present : null;
}

function isSingle(group: Group, op: Operator, dimension: Dimension): boolean {
  return group.length === 1 && group[0]?.op === op && group[0].dimension === dimension;
}

function single(filter: Filter, op: Operator, dimension: Dimension): Condition | undefined {
  return filter.find((group) => isSingle(group, op, dimension))?.[0];
}

/** Without the conditions that clicks on rows of the dimension have made. */
function without(filter: Filter, dimension: Dimension): Filter {
  return filter.filter(
    (group) => !isSingle(group, "is", dimension) && !isSingle(group, "is_not", dimension),
  );
}

function drop(filter: Filter, op: Operator, dimension: Dimension, value: string): Filter {
  const held = single(filter, op, dimension);
  if (!held?.values.includes(value)) return filter;
  return replaceSingle(
    filter,
    op,
    dimension,
    held.values.filter((v) => v !== value),
  );
}

function replaceSingle(
  filter: Filter,
  op: Operator,
  dimension: Dimension,
  values: string[],
): Filter {
  const group = filter.findIndex((conditions) => isSingle(conditions, op, dimension));
  const condition = { op, dimension, values };
  if (group >= 0) return replace(filter, { group, condition: 0 }, condition);
  return values.length > 0 ? [...filter, [condition]] : filter;
}
