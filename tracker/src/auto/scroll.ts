import type { FullInstall } from "../lib/internals";
import type { First } from "./first";

/** Depths that are reported, in percent of the page. */
const MARKS = [25, 50, 75, 90, 100];

/** Reports how far a page was scrolled: every mark once in each view. */
export function observeScroll(first: First): FullInstall {
  return (_verbs, _past, _purposes, _now, shared) => {
    addEventListener(
      "scroll",
      () => {
        const whole = document.documentElement.scrollHeight;
        marksUpTo(depth(scrollY, innerHeight, whole)).forEach((scroll) => {
          if (first(`scroll ${scroll}`)) shared.record({ type: "scroll", scroll });
        });
      },
      { passive: true },
    );
  };
}

/** Percent of the page that were in sight; zoomed pages end a fraction of a pixel early. */
export function depth(top: number, height: number, whole: number): number {
  return whole > 0 ? (100 * (top + height + 1)) / whole : 0;
}

export function marksUpTo(percent: number): number[] {
  return MARKS.filter((mark) => mark <= percent);
}
