/** How strongly each number is coloured: in steps, because eyes tell few shades apart, and by the root,
 *  because a few countries have nearly everything. */
export const STEPS = 5;

/** From 1, the faintest, to `STEPS`; 0 for nothing. */
export function shade(value: number, largest: number): number {
  if (!(value > 0) || !(largest > 0)) return 0;
  const share = Math.sqrt(Math.min(1, value / largest));
  return Math.max(1, Math.ceil(share * STEPS));
}
