import { cx } from "../../../lib/class";
import { isNumber } from "../../../lib/format/number";
import { t } from "../../../lib/i18n";
import type { Metric } from "../../../lib/state/dimension";
import { Skeleton } from "../../../ui/Skeleton";
import { Delta } from "../Delta";
import { METRIC } from "../metrics";

interface KpiProps {
  metric: Metric;
  value: number | null | undefined;
  before: number | null | undefined;
  compared: boolean;
  loading: boolean;
  dimmed: boolean;
  chosen: boolean;
  onChoose: () => void;
}

export function Kpi(props: KpiProps) {
  const { metric, value, before, compared, loading, dimmed, chosen, onChoose } = props;
  const info = METRIC[metric];
  return (
    <button
      type="button"
      aria-pressed={chosen}
      title={loading ? undefined : info.exact(value)}
      onClick={onChoose}
      className={cx(
        "group relative min-w-0 border-b-2 px-4 pt-4 pb-3 text-left transition-colors duration-(--fast) focus-visible:-outline-offset-2 sm:px-5",
        chosen ? "border-accent bg-accent-soft/60" : "border-transparent hover:bg-hover",
      )}
    >
      <span
        className={cx(
          "block truncate text-sm",
          chosen ? "font-medium text-accent" : "text-muted group-hover:text-ink",
        )}
      >
        {t(info.label)}
      </span>
      {loading ? (
        <Skeleton className="mt-2 h-7 w-20" />
      ) : (
        <span
          className={cx(
            "mt-1 block text-2xl font-semibold tracking-tight transition-opacity duration-(--fast)",
            dimmed && "opacity-50",
          )}
        >
          {info.short(value)}
        </span>
      )}
      {compared && !loading && (
        <span className={cx("mt-1 flex h-5 items-center gap-2 text-xs", dimmed && "opacity-50")}>
          <Delta metric={metric} now={value} before={before} />
          {isNumber(before) && (
            <span className="truncate text-muted">
              {t("from {before}", { before: info.short(before) })}
            </span>
          )}
        </span>
      )}
    </button>
  );
}
