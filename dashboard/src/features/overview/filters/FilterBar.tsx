import { Fragment } from "react";
import { t } from "../../../lib/i18n";
import { join, remove, replace, split } from "../../../lib/state/filter";
import { Button } from "../../../ui/Button";
import { useOverview } from "../context";
import { FilterChip } from "./FilterChip";

/** The conditions in force, each to be changed where it stands. */
export function FilterBar() {
  const { state, change } = useOverview();
  const { filter } = state;
  if (filter.length === 0) return null;
  return (
    <section aria-label={t("Filters")} className="flex flex-wrap items-center gap-x-1 gap-y-2 pb-4">
      {filter.map((conditions, group) => (
        <Fragment key={conditions.map(({ dimension }) => dimension).join("|") + String(group)}>
          {group > 0 && (
            <Joint
              text={t("and")}
              title={t("Make one of the two enough")}
              onClick={() => change({ filter: join(filter, group - 1) })}
            />
          )}
          <span
            className={
              conditions.length > 1
                ? "flex flex-wrap items-center gap-1 rounded-l border border-dashed border-control p-1"
                : "contents"
            }
          >
            {conditions.map((condition, place) => (
              <Fragment key={`${condition.dimension}${String(place)}`}>
                {place > 0 && (
                  <Joint
                    text={t("or")}
                    title={t("Make both necessary")}
                    onClick={() => change({ filter: split(filter, { group, condition: place }) })}
                  />
                )}
                <FilterChip
                  condition={condition}
                  onChange={(changed) =>
                    change({ filter: replace(filter, { group, condition: place }, changed) })
                  }
                  onRemove={() => change({ filter: remove(filter, { group, condition: place }) })}
                />
              </Fragment>
            ))}
          </span>
        </Fragment>
      ))}
      <Button
        size="sm"
        variant="ghost"
        className="text-muted hover:text-ink"
        onClick={() => change({ filter: [] })}
      >
        {t("Clear all")}
      </Button>
    </section>
  );
}

/** The word between two conditions; a click turns it into the other one. */
function Joint({ text, title, onClick }: { text: string; title: string; onClick: () => void }) {
  return (
    <button
      type="button"
      title={title}
      aria-label={`${text}. ${title}`}
      onClick={onClick}
      className="min-h-6 min-w-6 rounded-s px-1.5 text-xs text-muted hover:bg-hover hover:text-ink"
    >
      {text}
    </button>
  );
}
