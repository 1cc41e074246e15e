import { t } from "../../lib/i18n";

export const KEY_ROLES = ["viewer", "marketing", "admin"] as const;
export type KeyRole = (typeof KEY_ROLES)[number];

/** What a key with this role is for, in one sentence. */
export function keyRoleAbout(role: KeyRole): string {
  return {
    viewer: t("Reports only."),
    marketing: t("Only the pages that you tick below."),
    admin: t("Sites, users, keys and the audit log."),
  }[role];
}

/** What a key may be used for, within its role. */
export const SCOPES = ["read", "manage", "ingest"] as const;
export type Scope = (typeof SCOPES)[number];

export function scopeName(scope: string): string {
  switch (scope) {
    case "read":
      return t("Read");
    case "manage":
      return t("Manage");
    case "ingest":
      return t("Send events");
    default:
      return scope;
  }
}

export function scopeAbout(scope: Scope): string {
  return {
    read: t("Reports, events and exports."),
    manage: t("Sites, users and keys, as far as the role goes."),
    ingest: t("Events from a server, without a page’s address."),
  }[scope];
}
