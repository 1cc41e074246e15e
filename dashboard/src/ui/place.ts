/** Puts a floating element beside its anchor and inside the window, and keeps it there. Own code
 *  because CSS anchor positioning is missing in browsers that we support. */
export type Align = "start" | "end" | "center";

const GAP = 6;
const EDGE = 8;

export function place(anchor: Element, floating: HTMLElement, align: Align = "start"): void {
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = floating;
  const left = { start: at.left, end: at.right - width, center: at.left + (at.width - width) / 2 };
  const below = at.bottom + GAP;
  const above = at.top - GAP - height;
  const fitsBelow = below + height <= innerHeight - EDGE;
  const x = Math.max(
    EDGE,
    Math.min(left[align], document.documentElement.clientWidth - width - EDGE),
  );
  const y = fitsBelow || above < EDGE ? Math.min(below, innerHeight - EDGE - height) : above;
  floating.style.left = `${Math.round(x)}px`;
  floating.style.top = `${Math.round(Math.max(EDGE, y))}px`;
}

/** Places now and again whenever something scrolls or changes size. The result ends it. */
export function keepPlaced(anchor: Element, floating: HTMLElement, align?: Align): () => void {
  const again = () => place(anchor, floating, align);
  again();
  const watch = new ResizeObserver(again);
  watch.observe(floating);
  addEventListener("scroll", again, { capture: true, passive: true });
  addEventListener("resize", again);
  return () => {
    watch.disconnect();
    removeEventListener("scroll", again, { capture: true });
    removeEventListener("resize", again);
  };
}
