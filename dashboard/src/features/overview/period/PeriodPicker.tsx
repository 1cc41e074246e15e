import { ChevronLeft, ChevronRight } from "lucide-react";
import { formatDate, formatSpan } from "../../../lib/format/date";
import { t } from "../../../lib/i18n";
import { parseDate } from "../../../lib/time/civil";
import { type Period, RELATIVE_PERIODS, step } from "../../../lib/time/period";
import { dateIn } from "../../../lib/time/zone";
import { DateRangePicker } from "../../../ui/DateRangePicker";
import { IconButton } from "../../../ui/IconButton";
import { useOverview } from "../context";
import { PRESETS } from "./presets";

/** The period in words, with its neighbours one step away. */
export function PeriodPicker() {
  const { state, change, site, now, scope } = useOverview();
  const { period } = state;
  const before = step(period, -1, site.timeZone, now);
  const after = step(period, 1, site.timeZone, now);
  return (
    <span className="flex items-center" data-shortcut="custom-range">
      <StepButton by={-1} to={before} />
      <DateRangePicker
        value={pickerValue(period)}
        presets={PRESETS.flatMap((group, i) => [
          ...(i > 0 ? (["line"] as const) : []),
          ...group.map(({ name, label, shortcut }) => ({
            period: name,
            label: t(label),
            shortcut,
          })),
        ])}
        timeZone={site.timeZone}
        today={dateIn(site.timeZone, now)}
        text={said(period, scope.span, site.timeZone)}
        onChange={(value) => {
          const name = RELATIVE_PERIODS.find((known) => known === value.period);
          if (name) change({ period: { kind: "relative", name }, interval: null });
          else if (value.from && value.to) {
            change({ period: { kind: "custom", from: value.from, to: value.to }, interval: null });
          }
        }}
      />
      <StepButton by={1} to={after} />
    </span>
  );
}

function StepButton({ by, to }: { by: -1 | 1; to: Period | null }) {
  const { change } = useOverview();
  return (
    <IconButton
      size="sm"
      label={by < 0 ? t("Period before") : t("Period after")}
      icon={by < 0 ? <ChevronLeft size={17} /> : <ChevronRight size={17} />}
      disabled={to === null}
      onClick={() => to && change({ period: to })}
    />
  );
}

function pickerValue(period: Period) {
  if (period.kind === "relative") return { period: period.name };
  if (period.kind === "calendar") return { period: "calendar" };
  const from = parseDate(period.from);
  const to = parseDate(period.to);
  return from && to ? { period: "custom", from, to } : { period: "moment" };
}

/** What the button says of periods without a name. */
function said(
  period: Period,
  span: Parameters<typeof formatSpan>[0],
  zone: string,
): string | undefined {
  if (period.kind === "relative") return undefined;
  if (period.kind === "custom") return formatSpan(span, zone);
  if (period.unit === "year") return period.on.slice(0, 4);
  return formatDate(span.from, period.unit === "month" ? "monthLong" : "weekdayDate", zone);
}
