/** The fields of a person who wants to be reached, by what pages call them: lower case, letters
 *  only. */
const TRACKED: [name: string, called: RegExp][] = [
  ["email", /^e?mail(address)?$/],
  ["phone", /^((tele|mobile)?phone|tel|mobile|cell)(number|national)?$/],
  ["first_name", /^(first|given|f)name$/],
  ["last_name", /^(last|family|sur|l)name$/],
  ["full_name", /^fullname$/],
  ["name", /^name$/],
  ["company", /^company(name)?$/],
  ["organization", /^organi[sz]ation(name)?$/],
  ["message", /^message$/],
  ["comments", /^comments?$/],
];

/** Which of the tracked fields goes by one of these names (of the field, its id, its autocomplete
 *  token, its type), the first that is known; only those in `allowed`, a list with commas, if there
 *  is one. */
export function trackedName(names: (string | null)[], allowed?: string): string | undefined {
  for (let i = 0; i < names.length; i++) {
    const called = plain(names[i] || "");
    const found = TRACKED.filter((one) => one[1].test(called))[0];
    if (found) {
      const listed = !allowed || `,${allowed},`.indexOf(`,${found[0]},`) >= 0;
      return listed ? found[0] : undefined;
    }
  }
  return undefined;
}

/** `contact[First-Name]` → `firstname`, `your-email` → `email`. */
function plain(name: string): string {
  const last = /([^[\].:]*)[\].:]*$/.exec(name) as RegExpExecArray;
  return (last[1] as string)
    .toLowerCase()
    .replace(/[^a-z]/g, "")
    .replace(/^your/, "");
}
