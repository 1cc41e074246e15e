import { CalendarDays, ChevronDown } from "lucide-react";
import { type ReactNode, useState } from "react";
import { cx } from "../lib/class";
import { locale } from "../lib/format/locale";
import { t } from "../lib/i18n";
import { type CivilDate, parseDate, toUtc } from "../lib/time/civil";
import { Button } from "./Button";
import { Calendar } from "./Calendar";
import { Field } from "./Field";
import { Input } from "./Input";
import { Popover } from "./Popover";

/** A period by name, or `custom` with its first and last day. */
export interface DateRange {
  period: string;
  from?: CivilDate;
  to?: CivilDate;
}

export interface RangePreset {
  period: string;
  label: string;
  /** The key that chooses it on the page. */
  shortcut?: string;
}

interface Props {
  value: DateRange;
  onChange: (value: DateRange) => void;
  presets: readonly (RangePreset | "line")[];
  /** The site's; said below the calendar, because days begin there. */
  timeZone: string;
  today: CivilDate;
  /** What the button says where the value is neither a preset nor custom. */
  text?: string;
  /** Below the presets. */
  children?: (close: () => void) => ReactNode;
}

/** The chosen range in words, as short as it stays clear. */
function inWords(from: CivilDate, to: CivilDate): string {
  const format = new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeZone: "UTC" });
  return format.formatRange(toUtc(from), toUtc(to));
}

/** Chooses the period of a report: a preset, or two days of a calendar. */
export function DateRangePicker(props: Props) {
  const { value, presets } = props;
  const preset = presets.find((one) => one !== "line" && one.period === value.period);
  const said =
    value.period === "custom" && value.from && value.to
      ? inWords(value.from, value.to)
      : (props.text ?? (preset && preset !== "line" ? preset.label : value.period));
  return (
    <Popover
      label={t("Period")}
      align="end"
      className="p-0"
      trigger={(trigger) => (
        <Button size="sm" icon={<CalendarDays size={15} />} className="h-9" {...trigger}>
          <span className="sr-only">{t("Period:")}</span>
          {said}
          <ChevronDown size={14} className="text-muted" />
        </Button>
      )}
    >
      {(close) => <Panel {...props} close={close} />}
    </Popover>
  );
}

function Panel({
  value,
  onChange,
  presets,
  timeZone,
  today,
  children,
  close,
}: Props & { close: () => void }) {
  const [from, setFrom] = useState<CivilDate | null>(value.from ?? null);
  const [to, setTo] = useState<CivilDate | null>(value.to ?? null);
  const choose = (range: DateRange) => {
    close();
    onChange(range);
  };
  const pick = (date: CivilDate) => {
    if (from === null || to !== null) {
      setFrom(date);
      setTo(null);
    } else {
      const [first = date, last = date] = [from, date].sort();
      choose({ period: "custom", from: first, to: last });
    }
  };
  const valid = from !== null && to !== null && from <= to && to <= today;
  return (
    <div className="flex max-sm:flex-col">
      <div className="min-w-48 border-line p-1.5 max-sm:border-b sm:border-r">
        <ul>
          {presets.map((preset, index) =>
            preset === "line" ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines do not move
              <li key={index} aria-hidden="true" className="my-1.5 border-t border-line" />
            ) : (
              <li key={preset.period}>
                <button
                  type="button"
                  aria-pressed={preset.period === value.period}
                  data-autofocus={preset.period === value.period || undefined}
                  onClick={() => choose({ period: preset.period })}
                  className={cx(
                    "flex w-full items-center justify-between gap-6 rounded-m px-2.5 py-1.5 text-left text-sm hover:bg-hover focus-visible:-outline-offset-2",
                    preset.period === value.period && "font-medium text-accent",
                  )}
                >
                  {preset.label}
                  {preset.shortcut && (
                    <kbd className="font-sans text-xs text-muted max-sm:hidden">
                      {preset.shortcut}
                    </kbd>
                  )}
                </button>
              </li>
            ),
          )}
        </ul>
        {children?.(close)}
      </div>
      <div className="p-4">
        <Calendar from={from} to={to} onPick={pick} today={today} />
        <form
          className="mt-3 flex flex-wrap items-end gap-2 border-t border-line pt-3"
          onSubmit={(event) => {
            event.preventDefault();
            if (valid) choose({ period: "custom", from, to });
          }}
        >
          <Field label={t("From")} className="flex-1 basis-36">
            <Input
              type="date"
              max={today}
              value={from ?? ""}
              onChange={(event) => setFrom(parseDate(event.target.value))}
            />
          </Field>
          <Field label={t("To")} className="flex-1 basis-36">
            <Input
              type="date"
              max={today}
              value={to ?? ""}
              onChange={(event) => setTo(parseDate(event.target.value))}
            />
          </Field>
          <Button type="submit" disabled={!valid}>
            {t("Apply")}
          </Button>
        </form>
        <p className="mt-2 text-xs text-muted">{t("Days in {timeZone}", { timeZone })}</p>
      </div>
    </div>
  );
}
