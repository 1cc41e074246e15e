import { ArrowDown, ArrowUp } from "lucide-react";
import { cx } from "../../lib/class";
import { t } from "../../lib/i18n";
import type { Metric } from "../../lib/state/dimension";
import { judge } from "./metrics";

const TONE = { good: "text-good", bad: "text-bad", neutral: "text-muted" };

interface DeltaProps {
  metric: Metric | "events";
  now: number | null | undefined;
  before: number | null | undefined;
}

/** How a number changed: arrow, amount, and by colour whether that is good. */
export function Delta({ metric, now, before }: DeltaProps) {
  const change = judge(metric, now, before);
  if (!change) return <span className="text-muted">–</span>;
  const { direction, tone, text } = change;
  return (
    <span
      className={cx("inline-flex items-center gap-0.5 font-medium whitespace-nowrap", TONE[tone])}
    >
      {direction === "up" && <ArrowUp size={12} strokeWidth={2.5} aria-label={t("up")} />}
      {direction === "down" && <ArrowDown size={12} strokeWidth={2.5} aria-label={t("down")} />}
      {before === 0 && direction === "up" ? t("new") : text}
    </span>
  );
}
