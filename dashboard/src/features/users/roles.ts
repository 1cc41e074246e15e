import type { Role } from "../../api/types";
import { t } from "../../lib/i18n";

export const ROLES: readonly Role[] = ["owner", "admin", "marketing", "viewer"];

export function roleName(role: Role): string {
  return {
    owner: t("Owner"),
    admin: t("Admin"),
    marketing: t("Marketing"),
    viewer: t("Viewer"),
  }[role];
}

/** What a role may do, in one sentence. */
export function roleAbout(role: Role): string {
  return {
    owner: t("Everything, also naming other owners."),
    admin: t("Sites, users, keys and the audit log."),
    marketing: t("Reports and the installation of the snippet."),
    viewer: t("Reports only."),
  }[role];
}
