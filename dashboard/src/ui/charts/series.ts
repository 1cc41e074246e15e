/** What a chart draws, apart from how: scales, ticks and paths of series over buckets of time. */
import { max, nice, ticks } from "d3-array";
import { area, curveMonotoneX, line } from "d3-shape";

export interface ChartPoint {
  /** Start of the bucket. */
  t: number;
  /** Null: nothing known, such as a bucket that lies in the future. */
  value: number | null;
}

export interface Frame {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** A straight mapping and its way back. Ten lines of our own: d3-scale brings colours, formats and
 *  time zones along, which weigh more than the rest of the chart. */
export interface Scale {
  domain: readonly [number, number];
  at: (value: number) => number;
  invert: (position: number) => number;
}

function linear([a, b]: readonly [number, number], [from, to]: readonly [number, number]): Scale {
  const factor = (to - from) / (b - a);
  return {
    domain: [a, b],
    at: (value) => from + (value - a) * factor,
    invert: (position) => a + (position - from) / factor,
  };
}

/** Buckets lie evenly; a single one lies in the middle. */
export function xScale(count: number, frame: Frame): Scale {
  return linear(count > 1 ? [0, count - 1] : [-1, 1], [frame.left, frame.width - frame.right]);
}

const TICKS = 4;

/** From zero to a round number above everything that is shown. Counts get no ticks between them. */
export function yScale(
  series: readonly (readonly ChartPoint[])[],
  frame: Frame,
  whole: boolean,
): { scale: Scale; ticks: number[] } {
  const highest = max(series.flat(), (point) => point.value ?? 0) ?? 0;
  const [, top] = nice(0, highest > 0 ? highest : 1, TICKS);
  const scale = linear([0, top], [frame.height - frame.bottom, frame.top]);
  return { scale, ticks: ticks(0, top, TICKS).filter((tick) => !whole || Number.isInteger(tick)) };
}

/** Every n-th bucket, so that the labels keep their distance. */
export function labelledBuckets(count: number, frame: Frame, distance: number): number[] {
  const room = Math.max(1, Math.floor((frame.width - frame.left - frame.right) / distance));
  const every = Math.max(1, Math.ceil(count / room));
  return Array.from({ length: Math.ceil(count / every) }, (_, i) => i * every);
}

type Drawn = [x: number, y: number];

export function positions(points: readonly ChartPoint[], x: Scale, y: Scale): (Drawn | null)[] {
  return points.map(({ value }, i) => (value === null ? null : [x.at(i), y.at(value)]));
}

/** A line through the positions; it has a gap where one is missing. */
export const linePath = (drawn: readonly (Drawn | null)[]): string =>
  line<Drawn | null>(
    (at) => at?.[0] ?? 0,
    (at) => at?.[1] ?? 0,
  )
    .defined((at) => at !== null)
    .curve(curveMonotoneX)([...drawn]) ?? "";

export const areaPath = (drawn: readonly (Drawn | null)[], base: number): string =>
  area<Drawn | null>(
    (at) => at?.[0] ?? 0,
    base,
    (at) => at?.[1] ?? 0,
  )
    .defined((at) => at !== null)
    .curve(curveMonotoneX)([...drawn]) ?? "";
