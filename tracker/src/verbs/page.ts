import type { ClewProps } from "../../clew";
import { cleanUrl } from "../lib/cleanUrl";
import { reportEngagement, resetEngagement } from "../lib/engagement";
import { record } from "../lib/record";
import { setView, takeTitle, view } from "../lib/view";

export function page(props?: ClewProps): string | undefined {
  reportEngagement();
  resetEngagement();
  takeTitle();
  setView({
    type: "pageview",
    url: cleanUrl(),
    props,
    referrer: view.url || document.referrer,
  });
  // Views show in reports within seconds, so they wait less than other events: just long enough for
  // a late title and for what a page records while it starts.
  return record(view, 1000);
}
