import { ChevronDown } from "lucide-react";
import { msg, t } from "../../../lib/i18n";
import { effectiveInterval, type Interval, intervalsFor } from "../../../lib/time/interval";
import { Button } from "../../../ui/Button";
import { Menu } from "../../../ui/Menu";
import { useOverview } from "../context";

const INTERVAL: Record<Interval, string> = {
  minute: msg("By minute"),
  hour: msg("By hour"),
  day: msg("By day"),
  week: msg("By week"),
  month: msg("By month"),
};

export function IntervalMenu({ shown }: { shown: Interval | undefined }) {
  const { scope, state, change } = useOverview();
  const offered = intervalsFor(scope.span);
  const current = shown ?? effectiveInterval(state.interval, scope.span);
  return (
    <span data-shortcut="interval-menu">
      <Menu
        label={t("Interval")}
        trigger={(trigger) => (
          <Button size="sm" variant="ghost" {...trigger}>
            <span className="sr-only">{t("Interval:")}</span>
            {t(INTERVAL[current])}
            <ChevronDown size={14} className="text-muted" aria-hidden="true" />
          </Button>
        )}
        groups={[
          {
            key: "intervals",
            items: offered.map((interval) => ({
              key: interval,
              label: t(INTERVAL[interval]),
              checked: interval === current,
              run: () => change({ interval }),
            })),
          },
        ]}
      />
    </span>
  );
}
