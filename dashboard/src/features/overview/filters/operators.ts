import { msg } from "../../../lib/i18n";
import type { Operator } from "../../../lib/state/filter";

/** Operators as they read between a dimension and a value. */
export const OPERATOR: Record<Operator, string> = {
  is: msg("is"),
  is_not: msg("is not"),
  contains: msg("contains"),
  contains_not: msg("does not contain"),
  starts_with: msg("starts with"),
  ends_with: msg("ends with"),
  matches: msg("matches"),
  matches_not: msg("does not match"),
};
