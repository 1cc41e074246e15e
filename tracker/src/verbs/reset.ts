import { flushLeaving } from "../lib/delivery";
import { forget, remember } from "../lib/identity";
import { clearCommon } from "./set";

export function reset(): void {
  // What waits belongs to the visitor of before.
  flushLeaving();
  clearCommon();
  forget();
  remember();
}
