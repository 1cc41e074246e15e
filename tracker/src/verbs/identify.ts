import type { ClewProps } from "../../clew";
import { remember } from "../lib/identity";
import { navigated } from "../lib/navigation";
import { record } from "../lib/record";

export function identify(userId: string, traits?: ClewProps): string | undefined {
  navigated();
  remember(userId);
  return record({ type: "identify", props: traits });
}
