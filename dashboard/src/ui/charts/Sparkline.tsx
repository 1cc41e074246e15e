import { areaPath, type ChartPoint, linePath, positions, xScale, yScale } from "./series";

const HEIGHT = 36;
const WIDTH = 120;
const FRAME = { width: WIDTH, height: HEIGHT, left: 1, right: 1, top: 3, bottom: 1 };

/** A small line without axes. What it says must also stand beside it as text. */
export function Sparkline({
  values,
  className,
}: {
  values: readonly number[];
  className?: string;
}) {
  const points: ChartPoint[] = values.map((value, t) => ({ t, value }));
  const drawn = positions(
    points,
    xScale(points.length, FRAME),
    yScale([points], FRAME, false).scale,
  );
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      className={className ?? "h-9 w-full"}
    >
      <path d={areaPath(drawn, HEIGHT)} fill="var(--chart-1)" opacity="0.12" />
      <path
        d={linePath(drawn)}
        fill="none"
        stroke="var(--chart-1)"
        strokeWidth="1.5"
        strokeLinejoin="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
