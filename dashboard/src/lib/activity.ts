/** Whether a person is at the page. What nobody asked for must not keep a session alive. */
const SIGNS = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"] as const;
/** How long after a sign of life a request is taken for somebody's wish. */
const WISH_MS = 15_000;

let lastSign = Number.NEGATIVE_INFINITY;

export function noteActivity(now = performance.now()): void {
  lastSign = now;
}

/** Once, when the app starts. Opening the page is a sign too. */
export function watchActivity(): void {
  noteActivity();
  for (const sign of SIGNS) addEventListener(sign, () => noteActivity(), { passive: true });
}

export function somebodyIsHere(now = performance.now()): boolean {
  return now - lastSign < WISH_MS;
}
