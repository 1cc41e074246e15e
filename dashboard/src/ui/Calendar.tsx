import { ChevronLeft, ChevronRight } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { cx } from "../lib/class";
import { locale } from "../lib/format/locale";
import { t } from "../lib/i18n";
import {
  addDays,
  addMonths,
  type CivilDate,
  firstOfMonth,
  lastOfMonth,
  toUtc,
} from "../lib/time/civil";
import { IconButton } from "./IconButton";

interface Props {
  /** The chosen range; `to` is null between the first and the second click. */
  from: CivilDate | null;
  to: CivilDate | null;
  onPick: (date: CivilDate) => void;
  today: CivilDate;
}

const WEEK = [0, 1, 2, 3, 4, 5, 6];
/** A Monday, to name the weekdays by. */
const A_MONDAY = "2024-01-01";

function say(date: CivilDate, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale(), { ...options, timeZone: "UTC" }).format(toUtc(date));
}

/** The days of a month in weeks that start on Monday; the days around it are null. */
function weeksOf(month: CivilDate): (CivilDate | null)[][] {
  const first = firstOfMonth(month);
  const last = lastOfMonth(month);
  const blanks = (new Date(toUtc(first)).getUTCDay() + 6) % 7;
  const weeks: (CivilDate | null)[][] = [];
  for (let monday = addDays(first, -blanks); monday <= last; monday = addDays(monday, 7)) {
    weeks.push(
      WEEK.map((day) => {
        const date = addDays(monday, day);
        return date < first || date > last ? null : date;
      }),
    );
  }
  return weeks;
}

/** Two months to pick days from. Arrows walk days and weeks, Page keys months, Home and End the
 *  week. Days after today cannot be picked. */
export function Calendar({ from, to, onPick, today }: Props) {
  const [focused, setFocused] = useState<CivilDate>(to ?? from ?? today);
  const [shown, setShown] = useState(() => addMonths(firstOfMonth(to ?? from ?? today), -1));
  const [hovered, setHovered] = useState<CivilDate | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const moved = useRef(false);

  useEffect(() => {
    if (!moved.current) return;
    moved.current = false;
    const cells = box.current?.querySelectorAll<HTMLElement>(`[data-date="${focused}"]`) ?? [];
    [...cells].find((cell) => cell.offsetParent)?.focus();
  });

  const show = (month: CivilDate) => setShown(month);
  const go = (date: CivilDate) => {
    const target = date > today ? today : date;
    moved.current = true;
    setFocused(target);
    const month = firstOfMonth(target);
    if (month < shown) show(month);
    else if (month > addMonths(shown, 1)) show(addMonths(month, -1));
  };

  const walk = (event: KeyboardEvent) => {
    const weekday = (new Date(toUtc(focused)).getUTCDay() + 6) % 7;
    const target = {
      ArrowLeft: addDays(focused, -1),
      ArrowRight: addDays(focused, 1),
      ArrowUp: addDays(focused, -7),
      ArrowDown: addDays(focused, 7),
      PageUp: addMonths(focused, event.shiftKey ? -12 : -1),
      PageDown: addMonths(focused, event.shiftKey ? 12 : 1),
      Home: addDays(focused, -weekday),
      End: addDays(focused, 6 - weekday),
    }[event.key];
    if (!target) return;
    event.preventDefault();
    go(target);
  };

  const end = to ?? hovered;
  const [low, high] = from && end ? [from, end].sort() : [from, from];

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the days inside
    <div ref={box} onKeyDown={walk} onPointerLeave={() => setHovered(null)} className="relative">
      <div className="absolute inset-x-0 top-0 flex justify-between">
        <IconButton
          size="sm"
          label={t("Earlier months")}
          icon={<ChevronLeft size={16} />}
          onClick={() => show(addMonths(shown, -1))}
        />
        <IconButton
          size="sm"
          label={t("Later months")}
          icon={<ChevronRight size={16} />}
          disabled={addMonths(shown, 1) >= firstOfMonth(today)}
          onClick={() => show(addMonths(shown, 1))}
        />
      </div>
      <div className="flex items-start gap-6">
        {[shown, addMonths(shown, 1)].map((month, index) => (
          <table
            key={month}
            className={cx("border-separate border-spacing-y-0.5", index === 0 && "max-sm:hidden")}
          >
            <caption className="h-8 text-sm leading-8 font-medium">
              {say(month, { month: "long", year: "numeric" })}
            </caption>
            <thead>
              <tr>
                {WEEK.map((day) => (
                  <th
                    key={day}
                    scope="col"
                    abbr={say(addDays(A_MONDAY, day), { weekday: "long" })}
                    className="h-8 w-9 text-xs font-normal text-muted"
                  >
                    {say(addDays(A_MONDAY, day), { weekday: "narrow" })}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {weeksOf(month).map((week) => (
                <tr key={week.find(Boolean)}>
                  {week.map((date, day) => {
                    // biome-ignore lint/suspicious/noArrayIndexKey: its weekday is what it is
                    if (!date) return <td key={day} />;
                    const inside = low !== null && high !== null && date >= low && date <= high;
                    const edge = date === low || date === high;
                    return (
                      <td
                        key={date}
                        className={cx(
                          "p-0",
                          inside && low !== high && "bg-accent-soft",
                          date === low && "rounded-l-m",
                          date === high && "rounded-r-m",
                        )}
                      >
                        <button
                          type="button"
                          data-date={date}
                          tabIndex={date === focused ? 0 : -1}
                          disabled={date > today}
                          aria-pressed={inside}
                          aria-current={date === today ? "date" : undefined}
                          aria-label={say(date, { dateStyle: "full" })}
                          onClick={() => {
                            setFocused(date);
                            onPick(date);
                          }}
                          onPointerEnter={() => setHovered(date)}
                          className={cx(
                            "size-9 rounded-m text-sm disabled:text-muted disabled:opacity-50",
                            edge ? "bg-fill font-medium text-on-fill" : "enabled:hover:bg-hover",
                            date === today && !edge && "font-semibold text-accent",
                          )}
                        >
                          {Number(date.slice(8))}
                        </button>
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        ))}
      </div>
    </div>
  );
}
