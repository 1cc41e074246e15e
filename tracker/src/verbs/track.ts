import type { ClewProps, ClewRevenue } from "../../clew";
import { navigated } from "../lib/navigation";
import { record } from "../lib/record";

export function track(name: string, props?: ClewProps, revenue?: ClewRevenue): string | undefined {
  // An event never comes before the view of its page, whoever is first to notice a navigation.
  navigated();
  return record(Object.assign({ type: "custom", name, props }, revenue));
}
