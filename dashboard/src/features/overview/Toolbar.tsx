import { t } from "../../lib/i18n";
import { LiveCount } from "../live/LiveCount";
import { useOverview } from "./context";
import { AddFilterButton } from "./filters/AddFilterButton";
import { CompareMenu } from "./period/CompareMenu";
import { PeriodPicker } from "./period/PeriodPicker";

/** Which site, and which part of its time. Stays in sight while the page scrolls. */
export function Toolbar() {
  const { site } = useOverview();
  return (
    <div className="top-0 z-20 -mx-4 flex flex-wrap items-center gap-2 bg-paper/95 px-4 py-3 backdrop-blur-sm sm:sticky sm:-mx-6 sm:px-6">
      <div className="flex min-w-0 items-center gap-3 sm:mr-auto">
        <h1 className="sr-only">{t("Overview of {site}", { site: site.name })}</h1>
        <LiveCount site={site} />
      </div>
      <div role="toolbar" aria-label={t("View")} aria-orientation="horizontal" className="contents">
        <AddFilterButton />
        <CompareMenu />
        <PeriodPicker />
      </div>
    </div>
  );
}
