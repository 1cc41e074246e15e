import { ArrowLeftRight, ChevronDown } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { formatSpan } from "../../../lib/format/date";
import { t } from "../../../lib/i18n";
import { Button } from "../../../ui/Button";
import { Menu, type MenuItem } from "../../../ui/Menu";
import { useOverview } from "../context";

const CompareDialog = lazy(() => import("./CompareDialog"));

/** What the period is compared with. */
export function CompareMenu() {
  const { state, change, scope, site } = useOverview();
  const [choosing, setChoosing] = useState(false);
  const { kind } = state.comparison;
  const off = kind === "none" || scope.comparison === null;
  const choice = (key: typeof kind, label: string, run: () => void): MenuItem => ({
    key,
    label,
    checked: kind === key,
    run,
  });
  const said = {
    none: t("Compare"),
    previous: t("vs. before"),
    year: t("vs. last year"),
    custom: scope.comparison ? formatSpan(scope.comparison, site.timeZone) : t("Compare"),
  };
  return (
    <>
      <Menu
        label={t("Compare with")}
        trigger={(trigger) => (
          <Button
            size="sm"
            className="h-9"
            icon={<ArrowLeftRight size={14} aria-hidden="true" />}
            {...trigger}
          >
            <span className="max-sm:max-w-28 max-sm:truncate">
              {off ? t("Compare") : said[kind]}
            </span>
            <ChevronDown size={14} className="text-muted" aria-hidden="true" />
          </Button>
        )}
        groups={[
          {
            key: "with",
            title: t("Compare with"),
            items: [
              choice("none", t("Nothing"), () => change({ comparison: { kind: "none" } })),
              choice("previous", t("Period before"), () =>
                change({ comparison: { kind: "previous" } }),
              ),
              choice("year", t("Year before"), () => change({ comparison: { kind: "year" } })),
              choice("custom", t("Another range …"), () => setChoosing(true)),
            ],
          },
          ...(kind === "previous" || kind === "year"
            ? [
                {
                  key: "by",
                  title: t("Aligned by"),
                  items: [
                    {
                      key: "date",
                      label: t("Date"),
                      checked: !state.matchWeekday,
                      run: () => change({ matchWeekday: false }),
                    },
                    {
                      key: "weekday",
                      label: t("Day of the week"),
                      checked: state.matchWeekday,
                      run: () => change({ matchWeekday: true }),
                    },
                  ],
                },
              ]
            : []),
        ]}
      />
      {choosing && (
        <Suspense>
          <CompareDialog onClose={() => setChoosing(false)} />
        </Suspense>
      )}
    </>
  );
}
