/** A rough measure of how hard a password is to guess. A hint for the person who chooses one: what
 *  is accepted is the server's decision. */
export const MIN_PASSWORD = 10;
export type Strength = "short" | "weak" | "fair" | "strong";

const ALPHABETS: [RegExp, number][] = [
  [/[a-z]/, 26],
  [/[A-Z]/, 26],
  [/\d/, 10],
  [/[^a-zA-Z\d]/, 32],
];
const COMMON = /pass|passw|kennwort|qwert|asdf|12345|abcd|letmein|clew|admin|welcome|hallo/i;
const FAIR_BITS = 50;
const STRONG_BITS = 70;

export function strengthOf(password: string): Strength {
  if ([...password].length < MIN_PASSWORD) return "short";
  const alphabet = ALPHABETS.reduce((sum, [has, size]) => sum + (has.test(password) ? size : 0), 0);
  const distinct = new Set(password).size;
  // Repeated characters add little; a well-known start takes its length away.
  const length = Math.min([...password].length, distinct * 2);
  const known = COMMON.exec(password)?.[0].length ?? 0;
  const bits = Math.max(0, length - known) * Math.log2(alphabet);
  if (bits < FAIR_BITS) return "weak";
  return bits < STRONG_BITS ? "fair" : "strong";
}
