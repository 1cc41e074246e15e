import { useQuery } from "@tanstack/react-query";
import { atLeast, useSession } from "../../api/session";
import { sitesQuery } from "../../api/sites";
import type { Role, SiteRole } from "../../api/types";
import { t } from "../../lib/i18n";
import { Field } from "../../ui/Field";
import { Radio } from "../../ui/Radio";
import { Select } from "../../ui/Select";
import { ROLES, roleAbout, roleName } from "./roles";

/** What somebody may do: a role on all sites, or roles on single ones. */
export interface Access {
  /** On all sites. Null: only what `siteRoles` give. */
  role: Role | null;
  siteRoles: SiteRole[];
}

/** Whether it opens anything at all. */
export function isSomething({ role, siteRoles }: Access): boolean {
  return role !== null || siteRoles.length > 0;
}

interface Props {
  value: Access;
  onChange: (access: Access) => void;
}

export function AccessFields({ value, onChange }: Props) {
  const own = useSession().role;
  const sites = useQuery(sitesQuery).data ?? [];
  // Only owners name owners.
  const offered = ROLES.filter((role) => role !== "owner" || atLeast(own, "owner"));
  const role = value.role ?? "viewer";
  const set = (siteId: string, chosen: Role | "") => {
    const others = value.siteRoles.filter((one) => one.siteId !== siteId);
    onChange({
      ...value,
      siteRoles: chosen === "" ? others : [...others, { siteId, role: chosen }],
    });
  };
  return (
    <div className="flex flex-col gap-5">
      <Radio
        legend={t("Access to")}
        value={value.role ? "all" : "some"}
        onChange={(which) =>
          onChange(
            which === "all" ? { role, siteRoles: [] } : { role: null, siteRoles: value.siteRoles },
          )
        }
        options={[
          { value: "all", label: t("All sites") },
          { value: "some", label: t("Single sites") },
        ]}
      />
      {value.role ? (
        <Field label={t("Role")} hint={roleAbout(role)}>
          <Select
            options={offered.map((one) => ({ value: one, label: roleName(one) }))}
            value={role}
            onChange={(chosen) => onChange({ ...value, role: chosen })}
          />
        </Field>
      ) : (
        <fieldset>
          <legend className="mb-1.5 text-sm font-medium">{t("Role on each site")}</legend>
          <ul className="max-h-64 divide-y divide-line overflow-y-auto rounded-m border border-line">
            {sites.map((site) => (
              <li key={site.siteId} className="flex items-center gap-3 py-1.5 pr-1.5 pl-3">
                <span className="min-w-0 flex-1 truncate">{site.name}</span>
                <Select
                  className="w-40"
                  aria-label={t("Role on {name}", { name: site.name })}
                  value={
                    value.siteRoles.find((one) => one.siteId === site.siteId)?.role ?? ("" as const)
                  }
                  onChange={(chosen) => set(site.siteId, chosen)}
                  options={[
                    { value: "" as Role | "", label: t("No access") },
                    ...offered
                      .filter((one) => one !== "owner")
                      .map((one) => ({ value: one as Role | "", label: roleName(one) })),
                  ]}
                />
              </li>
            ))}
          </ul>
        </fieldset>
      )}
    </div>
  );
}
