import type { ChannelField, ChannelOp } from "../../../api/types";
import { msg } from "../../../lib/i18n";

export const FIELD: Record<ChannelField, string> = {
  source: msg("Source"),
  medium: msg("Medium"),
  campaign: msg("Campaign"),
  content: msg("Content"),
  term: msg("Term"),
  referrer_host: msg("Referrer host"),
  click_id: msg("Kind of click ID"),
  path: msg("Path of the page"),
};

export const OP: Record<ChannelOp, string> = {
  is: msg("is"),
  is_not: msg("is not"),
  contains: msg("contains"),
  starts_with: msg("starts with"),
  ends_with: msg("ends with"),
};

/** What such a value looks like. */
export const EXAMPLE: Record<ChannelField, string> = {
  source: "partner",
  medium: "affiliate",
  campaign: "spring-2026",
  content: "banner",
  term: "lantern",
  referrer_host: "partner.example",
  click_id: "gclid",
  path: "/partners/",
};
