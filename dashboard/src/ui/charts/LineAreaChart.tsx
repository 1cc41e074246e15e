import { useId, useMemo, useRef } from "react";
import { t } from "../../lib/i18n";
import { ChartTable } from "./ChartTable";
import { ChartTooltip } from "./ChartTooltip";
import {
  areaPath,
  type ChartPoint,
  labelledBuckets,
  linePath,
  positions,
  xScale,
  yScale,
} from "./series";
import { type Selection, useScrub } from "./useScrub";
import { useWidth } from "./useWidth";

export interface ChartFormats {
  value: (value: number | null) => string;
  axis: (value: number) => string;
  tick: (t: number) => string;
  bucket: (t: number) => string;
  /** How the second value became the first; empty: nothing to say. */
  change: (now: number | null, before: number | null) => string;
}

export interface LineAreaChartProps {
  /** What is shown, e.g. `Visitors`. */
  label: string;
  points: readonly ChartPoint[];
  /** The other period, bucket by bucket; drawn dashed. */
  comparison?: readonly ChartPoint[];
  /** From this bucket on the numbers are not final: drawn dotted. */
  incompleteFrom?: number | null;
  /** Values are counts: the axis has no fractions. */
  whole?: boolean;
  formats: ChartFormats;
  height: number;
  /** One bucket or several were chosen. */
  onTake?: (selection: Selection) => void;
}

const LABEL_PX = 84;

/** A line over time with its area, a comparison behind it, and a table that says the same. */
export function LineAreaChart(props: LineAreaChartProps) {
  const { label, points, comparison, incompleteFrom, whole = false, formats, height } = props;
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const clip = useId();
  const gradient = `${clip}-area`;
  const count = Math.max(points.length, comparison?.length ?? 0);
  const drawing = useMemo(() => {
    const frame = { width, height, left: 44, right: 14, top: 14, bottom: 28 };
    const x = xScale(count, frame);
    const { scale: y, ticks } = yScale([points, comparison ?? []], frame, whole);
    const now = positions(points, x, y);
    const firm = incompleteFrom ?? now.length;
    return {
      frame,
      x,
      ticks: ticks.map((tick) => ({ tick, at: y.at(tick) })),
      labels: labelledBuckets(count, frame, LABEL_PX),
      now,
      before: positions(comparison ?? [], x, y),
      area: areaPath(now, y.at(0)),
      line: linePath(now),
      /** Where the numbers stop being final. */
      turn: firm < now.length ? x.at(Math.max(0, firm - 1)) : width,
    };
  }, [points, comparison, incompleteFrom, whole, width, height, count]);
  const { frame, x } = drawing;
  const { at, selection, handlers } = useScrub({
    count,
    bucketAt: (px) => Math.max(0, Math.min(count - 1, Math.round(x.invert(px)))),
    onTake: props.onTake,
  });
  const said = (i: number) => {
    const values = { label, value: formats.value(points[i]?.value ?? null) };
    const bucket = formats.bucket(points[i]?.t ?? comparison?.[i]?.t ?? 0);
    const before = comparison?.[i];
    return before
      ? t("{bucket}: {value} {label}; before, {earlier}: {before}", {
          ...values,
          bucket,
          earlier: formats.bucket(before.t),
          before: formats.value(before.value),
        })
      : t("{bucket}: {value} {label}", { ...values, bucket });
  };
  const shown =
    at ??
    Math.max(
      0,
      points.findLastIndex((point) => point.value !== null),
    );
  const base = height - frame.bottom;

  return (
    <div ref={box} className="relative" style={{ height }}>
      {width > 0 && count > 0 && (
        <div
          role="slider"
          tabIndex={0}
          data-arrow-keys=""
          aria-label={t("{label} over time", { label })}
          aria-orientation="horizontal"
          aria-valuemin={0}
          aria-valuemax={count - 1}
          aria-valuenow={shown}
          aria-valuetext={said(shown)}
          className={`absolute inset-0 touch-pan-y rounded-m select-none ${props.onTake ? "cursor-crosshair" : ""}`}
          {...handlers}
        >
          <svg width={width} height={height} aria-hidden="true" className="block overflow-visible">
            <defs>
              <linearGradient id={gradient} x1="0" y1="0" x2="0" y2="1">
                <stop offset="0" stopColor="var(--chart-1)" stopOpacity="0.2" />
                <stop offset="1" stopColor="var(--chart-1)" stopOpacity="0.02" />
              </linearGradient>
              <clipPath id={`${clip}-final`}>
                <rect width={drawing.turn} height={height} />
              </clipPath>
              <clipPath id={`${clip}-running`}>
                <rect x={drawing.turn} width={Math.max(0, width - drawing.turn)} height={height} />
              </clipPath>
            </defs>
            {drawing.ticks.map(({ tick, at: y }) => (
              <g key={tick}>
                <line
                  x1={frame.left}
                  x2={width - frame.right}
                  y1={y}
                  y2={y}
                  stroke="var(--chart-grid)"
                />
                <text
                  x={frame.left - 10}
                  y={y}
                  dy="0.32em"
                  textAnchor="end"
                  className="fill-muted text-xs"
                >
                  {formats.axis(tick)}
                </text>
              </g>
            ))}
            {drawing.labels.map((i) => (
              <text
                key={i}
                x={x.at(i)}
                y={height - 6}
                textAnchor={
                  i === 0 && count > 1 ? "start" : x.at(i) > width - 40 ? "end" : "middle"
                }
                className="fill-muted text-xs"
              >
                {formats.tick(points[i]?.t ?? comparison?.[i]?.t ?? 0)}
              </text>
            ))}
            {selection && (
              <rect
                x={x.at(selection.first)}
                width={Math.max(2, x.at(selection.last) - x.at(selection.first))}
                y={frame.top}
                height={base - frame.top}
                fill="var(--chart-2)"
                opacity="0.16"
              />
            )}
            <path d={drawing.area} fill={`url(#${gradient})`} />
            <path
              d={linePath(drawing.before)}
              fill="none"
              stroke="var(--chart-6)"
              strokeWidth="1.75"
              strokeDasharray="5 4"
            />
            <g fill="none" stroke="var(--chart-1)" strokeWidth="2.25" strokeLinecap="round">
              <path d={drawing.line} clipPath={`url(#${clip}-running)`} strokeDasharray="0.1 5.5" />
              <path d={drawing.line} clipPath={`url(#${clip}-final)`} strokeLinejoin="round" />
            </g>
            {points.length === 1 && drawing.now[0] && (
              <circle cx={drawing.now[0][0]} cy={drawing.now[0][1]} r="4" fill="var(--chart-1)" />
            )}
            {at !== null && (
              <g>
                <line
                  x1={x.at(at)}
                  x2={x.at(at)}
                  y1={frame.top}
                  y2={base}
                  stroke="var(--control)"
                  strokeDasharray="2 3"
                />
                <Dot at={drawing.before[at]} colour="var(--chart-6)" />
                <Dot at={drawing.now[at]} colour="var(--chart-1)" />
              </g>
            )}
          </svg>
          {at !== null && (
            <ChartTooltip
              label={label}
              x={x.at(at)}
              width={width}
              now={points[at]}
              before={comparison?.[at]}
              incomplete={
                incompleteFrom !== null && incompleteFrom !== undefined && at >= incompleteFrom
              }
              formats={formats}
            />
          )}
        </div>
      )}
      <ChartTable label={label} points={points} comparison={comparison} formats={formats} />
    </div>
  );
}

function Dot({ at, colour }: { at: [number, number] | null | undefined; colour: string }) {
  if (!at) return null;
  return (
    <circle cx={at[0]} cy={at[1]} r="4.5" fill={colour} stroke="var(--card)" strokeWidth="2" />
  );
}
