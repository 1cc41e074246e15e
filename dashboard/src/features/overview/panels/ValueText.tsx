import { cx } from "../../../lib/class";
import type { Dimension } from "../../../lib/state/dimension";
import { countryCode, valueLabel } from "../dimensions";

interface ValueTextProps {
  dimension: Dimension;
  value: string;
  className?: string;
}

/** A stranger's text: cut where it is too long, whole on hover, and kept from turning its
 *  surroundings when it is written from right to left. */
export function ValueText({ dimension, value, className }: ValueTextProps) {
  const label = valueLabel(dimension, value);
  const mark = dimension === "country" ? countryCode(value) : "";
  return (
    <span className={cx("flex min-w-0 items-baseline gap-1.5", className)} title={label}>
      {mark && (
        <span
          aria-hidden="true"
          className="w-5 shrink-0 text-xs font-normal text-muted group-has-[[aria-current]]:text-ink"
        >
          {mark}
        </span>
      )}
      <bdi className={cx("truncate", value === "" && "text-muted italic")}>{label}</bdi>
    </span>
  );
}
