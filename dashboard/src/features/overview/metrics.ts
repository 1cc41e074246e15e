/** What each number is called, how it is written, what it means and which way is good. */
import { changeOf, formatChange } from "../../lib/format/change";
import {
  formatCompact,
  formatDuration,
  formatMean,
  formatNumber,
  formatPercent,
} from "../../lib/format/number";
import { msg } from "../../lib/i18n";
import type { Metric } from "../../lib/state/dimension";

type Formatted = (n: number | null | undefined) => string;

export interface MetricInfo {
  label: string;
  definition: string;
  short: Formatted;
  exact: Formatted;
  /** Counts, whose axis has no fractions. */
  whole: boolean;
  /** Whether more of it is better; a falling bounce rate is good news. */
  moreIsBetter: boolean;
  /** A percentage: it changes by points, not by percent. */
  inPoints: boolean;
}

const count = {
  short: formatCompact,
  exact: formatNumber,
  whole: true,
  moreIsBetter: true,
  inPoints: false,
};

export const METRIC: Record<Metric | "events", MetricInfo> = {
  visitors: {
    ...count,
    label: msg("Visitors"),
    definition: msg(
      "Different people, as far as they can be told apart. Without consent a person is recognised within one day only and counts again the next day.",
    ),
  },
  visits: {
    ...count,
    label: msg("Visits"),
    definition: msg(
      "A visit ends after 30 minutes without an event, or when a new campaign brings the visitor back. It belongs to the time at which it began.",
    ),
  },
  pageviews: {
    ...count,
    label: msg("Page views"),
    definition: msg("Every time a page was opened, by anybody."),
  },
  events: {
    ...count,
    label: msg("Events"),
    definition: msg("How often it happened."),
  },
  views_per_visit: {
    label: msg("Views per visit"),
    definition: msg("Page views of the visits, divided by their number."),
    short: formatMean,
    exact: formatMean,
    whole: false,
    moreIsBetter: true,
    inPoints: false,
  },
  bounce_rate: {
    label: msg("Bounce rate"),
    definition: msg("Visits with one page view and no other action, as a share of all visits."),
    short: formatPercent,
    exact: formatPercent,
    whole: false,
    moreIsBetter: false,
    inPoints: true,
  },
  visit_duration: {
    label: msg("Visit duration"),
    definition: msg("Time between the first and the last sign of life of a visit, on average."),
    short: formatDuration,
    exact: formatDuration,
    whole: false,
    moreIsBetter: true,
    inPoints: false,
  },
};

export interface Judged {
  direction: "up" | "down" | "same";
  tone: "good" | "bad" | "neutral";
  text: string;
}

/** A change with what it means. Null: there is nothing to compare. */
export function judge(
  metric: Metric | "events",
  now: number | null | undefined,
  before: number | null | undefined,
): Judged | null {
  const info = METRIC[metric];
  const change = changeOf(now, before, info.inPoints);
  if (!change) return null;
  const text = formatChange(change, info.inPoints);
  // What rounds to nothing is no change.
  const direction =
    text === formatChange({ ...change, amount: 0 }, info.inPoints) ? "same" : change.direction;
  const better = direction === "same" ? null : (direction === "up") === info.moreIsBetter;
  return {
    direction,
    tone: better === null ? "neutral" : better ? "good" : "bad",
    text,
  };
}
