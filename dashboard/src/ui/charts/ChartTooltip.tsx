import { t } from "../../lib/i18n";
import type { ChartFormats } from "./LineAreaChart";
import type { ChartPoint } from "./series";

interface ChartTooltipProps {
  label: string;
  x: number;
  width: number;
  now: ChartPoint | undefined;
  before: ChartPoint | undefined;
  incomplete: boolean;
  formats: ChartFormats;
}

const TOOLTIP_PX = 230;

/** What the bucket under the pointer says. The chart says the same to a screen reader. */
export function ChartTooltip({
  label,
  x,
  width,
  now,
  before,
  incomplete,
  formats,
}: ChartTooltipProps) {
  const change = now && before ? formats.change(now.value, before.value) : "";
  const left = Math.max(
    0,
    Math.min(width - TOOLTIP_PX, x > width / 2 ? x - TOOLTIP_PX - 14 : x + 14),
  );
  return (
    <div
      aria-hidden="true"
      className="pointer-events-none absolute top-2 z-10 rounded-m border border-line bg-card p-3 text-sm shadow-l"
      style={{ left, width: TOOLTIP_PX }}
    >
      <p className="flex items-baseline justify-between gap-2 font-semibold">
        {label}
        {change && <span className="text-xs font-normal text-muted">{change}</span>}
      </p>
      {now && now.value !== null && (
        <Line
          colour="var(--chart-1)"
          bucket={formats.bucket(now.t)}
          value={formats.value(now.value)}
        />
      )}
      {before && (
        <Line
          colour="var(--chart-6)"
          bucket={formats.bucket(before.t)}
          value={formats.value(before.value)}
        />
      )}
      {incomplete && <p className="mt-1 text-xs text-muted">{t("Still running")}</p>}
    </div>
  );
}

function Line({ colour, bucket, value }: { colour: string; bucket: string; value: string }) {
  return (
    <p className="mt-1 flex items-center gap-2">
      <span className="h-0.5 w-3 rounded-full" style={{ background: colour }} />
      <span className="text-muted">{bucket}</span>
      <span className="ml-auto font-semibold">{value}</span>
    </p>
  );
}
