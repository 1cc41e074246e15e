const LONGEST = 63;

/** A short address for a name: `Müller & Söhne` becomes `mueller-soehne`. */
export function slugFrom(name: string): string {
  return name
    .toLowerCase()
    .replace(/ä/g, "ae")
    .replace(/ö/g, "oe")
    .replace(/ü/g, "ue")
    .replace(/ß/g, "ss")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^a-z\d]+/g, "-")
    .slice(0, LONGEST)
    .replace(/^-+|-+$/g, "");
}

/** What the server accepts as a slug. */
export const SLUG_PATTERN = "[a-z0-9]([a-z0-9\\-]{0,61}[a-z0-9])?";
