import type { Shared } from "../lib/internals";

/** Whether `what` happens for the first time in the view in sight. */
export type First = (what: string) => boolean;

export function firstInView(shared: Shared): First {
  let current: unknown;
  let seen: Record<string, 1> = {};
  return (what) => {
    const view = shared.view();
    if (view !== current) {
      current = view;
      seen = {};
    }
    const isFirst = !seen[what];
    seen[what] = 1;
    return isFirst;
  };
}
