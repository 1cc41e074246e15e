/** What a chart draws, apart from how: scales, ticks and paths of series over buckets of time. */
import { max } from "d3-array";
import { type ScaleLinear, scaleLinear } from "d3-scale";
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

/** Buckets lie evenly; a single one lies in the middle. */
export function xScale(count: number, frame: Frame): ScaleLinear<number, number> {
  const inside: [number, number] = [frame.left, frame.width - frame.right];
  if (count > 1) return scaleLinear([0, count - 1], inside);
  return scaleLinear([-1, 1], inside);
}

const TICKS = 4;

/** From zero to a round number above everything that is shown. Counts get no ticks between them. */
export function yScale(
  series: readonly (readonly ChartPoint[])[],
  frame: Frame,
  whole: boolean,
): { scale: ScaleLinear<number, number>; ticks: number[] } {
  const highest = max(series.flat(), (point) => point.value ?? 0) ?? 0;
  const top = highest > 0 ? highest : 1;
  const scale = scaleLinear([0, top], [frame.height - frame.bottom, frame.top]).nice(TICKS);
  const ticks = scale.ticks(TICKS).filter((tick) => !whole || Number.isInteger(tick));
  return { scale, ticks };
}

/** Every n-th bucket, so that the labels keep their distance. */
export function labelledBuckets(count: number, frame: Frame, distance: number): number[] {
  const room = Math.max(1, Math.floor((frame.width - frame.left - frame.right) / distance));
  const every = Math.max(1, Math.ceil(count / room));
  return Array.from({ length: Math.ceil(count / every) }, (_, i) => i * every);
}

type Drawn = [x: number, y: number];

export function positions(
  points: readonly ChartPoint[],
  x: ScaleLinear<number, number>,
  y: ScaleLinear<number, number>,
): (Drawn | null)[] {
  return points.map(({ value }, i) => (value === null ? null : [x(i), y(value)]));
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
