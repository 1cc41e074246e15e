/**
 * Everything the overview shows, as the query string of its address.
 *
 * What equals the default is left out. What cannot be read falls back to the default, one part at
 * a time: an old or mangled link still opens, with as much of it as made sense.
 */

import { parseDate } from "../time/civil";
import type { Comparison } from "../time/comparison";
import { INTERVALS, type Interval } from "../time/interval";
import { customSpan, DEFAULT_PERIOD, type Period, RELATIVE_PERIODS } from "../time/period";
import { type Dimension, isDimension, METRICS, type Metric } from "./dimension";
import type { Filter } from "./filter";
import { groupText, limited, parseGroup } from "./filterText";
import { PANELS, type PanelName, type PanelTab, type PanelTabs, panelTabs } from "./panel";

export interface OverviewState {
  period: Period;
  comparison: Comparison;
  matchWeekday: boolean;
  /** Null: the one that fits the period. */
  interval: Interval | null;
  metric: Metric;
  filter: Filter;
  /** The open tab of each panel; absent: its first. */
  tabs: PanelTabs;
  /** The dimension whose whole list is open. */
  details: Dimension | null;
}

export const INITIAL_STATE: OverviewState = {
  period: DEFAULT_PERIOD,
  comparison: { kind: "none" },
  matchWeekday: false,
  interval: null,
  metric: "visitors",
  filter: [],
  tabs: {},
  details: null,
};

export function parseState(query: string): OverviewState {
  const given = new URLSearchParams(query);
  return {
    period: parsePeriod(given),
    comparison: parseComparison(given.get("compare") ?? ""),
    matchWeekday: given.get("match") === "weekday",
    interval: oneOf(INTERVALS, given.get("interval")),
    metric: oneOf(METRICS, given.get("metric")) ?? INITIAL_STATE.metric,
    filter: parseFilter(given),
    tabs: parseTabs(given),
    details: parseDetails(given.get("details")),
  };
}

/** The query string without `?`; empty for the initial state. */
export function serialiseState(state: OverviewState): string {
  const pairs: [string, string][] = [];
  const put = (name: string, value: string | null) => {
    if (value !== null) pairs.push([name, value]);
  };
  const { period, comparison } = state;
  if (period.kind === "custom") {
    put("from", period.from);
    put("to", period.to);
  } else if (period.kind === "calendar") {
    put("period", period.unit);
    put("from", period.on);
  } else if (serialPeriod(period) !== serialPeriod(DEFAULT_PERIOD)) {
    put("period", period.name);
  }
  if (comparison.kind === "custom") put("compare", `${comparison.from},${comparison.to}`);
  else if (comparison.kind !== "none") put("compare", comparison.kind);
  if (state.matchWeekday) put("match", "weekday");
  put("interval", state.interval);
  if (state.metric !== INITIAL_STATE.metric) put("metric", state.metric);
  for (const group of state.filter) put(group.length > 1 ? "any" : "f", groupText(group));
  for (const panel of PANELS) {
    const tab = state.tabs[panel];
    if (tab && tab !== panelTabs[panel][0]) put(panel, tab);
  }
  put("details", state.details);
  return pairs.map(([name, value]) => `${name}=${readable(value)}`).join("&");
}

/** Percent-encodes only what an address cannot carry. */
function readable(value: string): string {
  const encoded = new URLSearchParams([["", value]]).toString().slice(1);
  return encoded.replace(/%(2C|2F|3A|3B|40|7E|21|28|29|24)/g, (code) => decodeURIComponent(code));
}

const serialPeriod = (period: Period) => (period.kind === "relative" ? period.name : null);

function parsePeriod(given: URLSearchParams): Period {
  const name = given.get("period");
  const from = given.get("from");
  const to = given.get("to");
  if (from && to) return isRange(from, to) ? { kind: "custom", from, to } : DEFAULT_PERIOD;
  if (from && (name === "day" || name === "month" || name === "year")) {
    const on = parseDate(from);
    if (on) return { kind: "calendar", unit: name, on };
  }
  const relative = oneOf(RELATIVE_PERIODS, name);
  return relative ? { kind: "relative", name: relative } : DEFAULT_PERIOD;
}

function parseComparison(text: string): Comparison {
  if (text === "previous" || text === "year") return { kind: text };
  const [from = "", to = "", more] = text.split(",");
  return more === undefined && isRange(from, to) ? { kind: "custom", from, to } : { kind: "none" };
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z$/;

function isRange(from: string, to: string): boolean {
  if (![from, to].every((end) => parseDate(end) || INSTANT.test(end))) return false;
  const { from: start, to: end } = customSpan(from, to, "UTC");
  return start < end;
}

function parseFilter(given: URLSearchParams): Filter {
  const groups = [...given].flatMap(([name, text]) => {
    if (name === "any") return [parseGroup(text)];
    return name === "f" ? parseGroup(text).map((condition) => [condition]) : [];
  });
  return limited(groups);
}

function parseTabs(given: URLSearchParams): PanelTabs {
  const tabs: Partial<Record<PanelName, PanelTab>> = {};
  for (const panel of PANELS) {
    const tab = oneOf(panelTabs[panel], given.get(panel));
    if (tab && tab !== panelTabs[panel][0]) tabs[panel] = tab;
  }
  return tabs;
}

function parseDetails(text: string | null): Dimension | null {
  return text !== null && isDimension(text) ? text : null;
}

function oneOf<T extends string>(known: readonly T[], text: string | null): T | null {
  return known.find((name) => name === text) ?? null;
}
