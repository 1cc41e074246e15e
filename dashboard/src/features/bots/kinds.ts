/** What kinds of bots there are. A kind without words is shown as it is. */
import { msg, t } from "../../lib/i18n";

/** Reads for a language model; these are listed apart. */
export const AI = "ai";

const KINDS: Readonly<Record<string, string>> = {
  [AI]: msg("AI crawler"),
  search: msg("Search engine"),
  social: msg("Link preview"),
  advertising: msg("Advertising"),
  seo: msg("SEO tool"),
  monitor: msg("Monitoring"),
  feed: msg("Feed reader"),
  archive: msg("Web archive"),
  security: msg("Security scan"),
  academic: msg("Research"),
  automation: msg("Steered browser"),
  library: msg("HTTP library"),
  other: msg("Other"),
};

export function kindName(kind: string): string {
  const known = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  return known ? t(known) : kind;
}
