import { STEPS } from "./shades";

/** What the shades of a map stand for: from the fewest to the most. */
export function MapLegend({ least, most }: { least: string; most: string }) {
  const steps = Array.from({ length: STEPS }, (_, i) => i + 1);
  return (
    <div className="flex items-center justify-end gap-1.5 text-xs text-muted" aria-hidden="true">
      <span>{least}</span>
      <span className="flex">
        {steps.map((step) => (
          <span
            key={step}
            className="h-2 w-4 first:rounded-l-full last:rounded-r-full"
            style={{ background: `var(--map-${step})` }}
          />
        ))}
      </span>
      <span>{most}</span>
    </div>
  );
}
