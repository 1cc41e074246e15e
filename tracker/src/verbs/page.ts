import type { ClewProps } from "../../clew";
import { cleanUrl } from "../lib/cleanUrl";
import { reportEngagement, resetEngagement } from "../lib/engagement";
import { record } from "../lib/record";
import { setView, view } from "../lib/view";

export function page(props?: ClewProps): string | undefined {
  const left = view;
  // First of all: reading the layout below can make Firefox fire a waiting focus event at once, and
  // whoever then looks for a new page must find this one.
  left.title = document.title;
  setView({
    type: "pageview",
    url: cleanUrl(),
    props,
    referrer: left.url || document.referrer,
  });
  reportEngagement(left.url);
  resetEngagement();
  // Views show in reports within seconds, so they wait less than other events: just long enough for
  // a late title and for what a page records while it starts.
  return record(view, 1000);
}
