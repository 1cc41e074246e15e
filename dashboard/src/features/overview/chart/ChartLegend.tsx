import type { ReactNode } from "react";
import { formatSpan } from "../../../lib/format/date";
import { t } from "../../../lib/i18n";
import { useOverview } from "../context";

/** Which line is which period. */
export function ChartLegend() {
  const { scope, site } = useOverview();
  const { span, comparison } = scope;
  return (
    <p className="flex min-w-0 flex-wrap items-center gap-x-5 gap-y-1 text-sm text-muted">
      <Entry mark={<line x1="1" x2="17" y1="3" y2="3" stroke="var(--chart-1)" strokeWidth="2.5" />}>
        {span.open ? t("All time") : formatSpan(span, site.timeZone)}
      </Entry>
      {comparison && (
        <Entry
          mark={
            <line
              x1="1"
              x2="17"
              y1="3"
              y2="3"
              stroke="var(--chart-6)"
              strokeWidth="2"
              strokeDasharray="4 3"
            />
          }
        >
          {formatSpan(comparison, site.timeZone)}
        </Entry>
      )}
    </p>
  );
}

function Entry({ mark, children }: { mark: ReactNode; children: ReactNode }) {
  return (
    <span className="inline-flex items-center gap-2">
      <svg width="18" height="6" aria-hidden="true" strokeLinecap="round">
        {mark}
      </svg>
      {children}
    </span>
  );
}
