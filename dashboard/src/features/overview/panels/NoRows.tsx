import { msg, t } from "../../../lib/i18n";
import type { Dimension } from "../../../lib/state/dimension";
import { Button } from "../../../ui/Button";
import { useOverview } from "../context";

const PLACES: readonly Dimension[] = ["country", "region", "city", "network"];

const PLACE_UNKNOWN = msg(
  "Where visitors come from is not known here: no location database is set up, no trusted proxy names the country, and no browser named its time zone.",
);
const FINER_UNKNOWN = msg(
  "Regions and cities come from a location database. Whoever runs this server installs one with: clew geo update",
);

/** Why a dimension that is unknown for everybody is empty, where there is more to say. */
const UNKNOWN: Partial<Record<Dimension, string>> = {
  country: PLACE_UNKNOWN,
  region: FINER_UNKNOWN,
  city: FINER_UNKNOWN,
  network: msg(
    "Networks come from a database of autonomous systems. Whoever runs this server installs one with: clew geo update",
  ),
  referrer: msg("Every visit came directly, or its origin was not told."),
  campaign: msg(
    "No visit carried a campaign. Add utm_campaign to the links in your newsletters and ads.",
  ),
  medium: msg("No visit carried utm_medium."),
  campaign_region: msg("No visit carried a campaign region."),
  ad_group: msg("No visit carried an ad group."),
  ad_id: msg("No visit carried the id of an ad."),
  search_query: msg(
    "No visit carried a search query. Search engines no longer tell it; ads can, as a parameter of their address.",
  ),
  content: msg("No visit carried utm_content."),
  term: msg("No visit carried utm_term."),
  language: msg("No browser named its language."),
  screen: msg("No browser named its screen."),
};

/** An honest empty panel: nothing happened, nothing passes the filter, or nothing is known. */
export function NoRows({ dimension, unknown }: { dimension: Dimension; unknown: boolean }) {
  const { state, change } = useOverview();
  const filtered = state.filter.length > 0;
  const text = unknown
    ? t(UNKNOWN[dimension] ?? msg("Not known for any visit of this view."))
    : filtered
      ? t("Nothing in this period passes the filters.")
      : t("Nothing happened in this period.");
  return (
    <div className="flex min-h-56 lg:min-h-80 flex-col items-center justify-center gap-3 px-4 text-center text-sm text-muted">
      <p className="max-w-80 text-pretty">{text}</p>
      {unknown && PLACES.includes(dimension) && (
        <Button
          size="sm"
          onClick={() =>
            change({ tabs: { ...state.tabs, locations: "language" } }, { replace: true })
          }
        >
          {t("Show languages instead")}
        </Button>
      )}
      {filtered && !unknown && (
        <Button size="sm" onClick={() => change({ filter: [] })}>
          {t("Clear filters")}
        </Button>
      )}
    </div>
  );
}
