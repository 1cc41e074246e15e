import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { fieldError } from "../../api/explain";
import { createKey, createMarketingKey } from "../../api/keys";
import { sitesQuery } from "../../api/sites";
import type { AnalyticsPage } from "../../api/types";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { Input } from "../../ui/Input";
import { Select } from "../../ui/Select";
import { FormProblem } from "../problem/FormProblem";
import { roleName } from "../users/roles";
import { USUAL_PAGES } from "./pages";
import { PageFields, ScopeFields, SiteFields } from "./Reach";
import { SecretDialog } from "./SecretDialog";
import { KEY_ROLES, type KeyRole, keyRoleAbout, type Scope } from "./scopes";
import { tryPath } from "./try-path";

const FORM = "new-key";
const DAY_MS = 86_400_000;

/** Makes a key; its secret is shown once. A marketing key is limited to pages, others to uses. */
export function NewKeyDialog({ onClose }: { onClose: () => void }) {
  const sites = useQuery(sitesQuery).data ?? [];
  const [name, setName] = useState("");
  const [role, setRole] = useState<KeyRole>("viewer");
  const [scopes, setScopes] = useState<readonly Scope[]>(["read"]);
  const [pages, setPages] = useState<readonly AnalyticsPage[]>(USUAL_PAGES);
  const [siteIds, setSiteIds] = useState<readonly string[]>([]);
  const [days, setDays] = useState("0");
  const create = useMutation({
    mutationFn: () => {
      const only = siteIds.length > 0 ? [...siteIds] : undefined;
      const until =
        days === "0" ? undefined : new Date(Date.now() + Number(days) * DAY_MS).toISOString();
      const called = name.trim();
      return role === "marketing"
        ? createMarketingKey({
            name: called,
            visible_pages: pages,
            site_ids: only,
            expires_at: until,
          })
        : createKey({ name: called, role, scopes: [...scopes], siteIds: only, expiresAt: until });
    },
  });
  if (create.data) {
    const site = sites.find(({ siteId }) => siteIds.includes(siteId)) ?? sites[0];
    const path = tryPath(role === "marketing" ? pages : null, site);
    return <SecretDialog made={create.data} tryPath={path} onClose={onClose} />;
  }
  const reach = role === "marketing" ? pages : scopes;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("New key")}
      footer={
        <>
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button
            type="submit"
            form={FORM}
            variant="primary"
            disabled={reach.length === 0}
            loading={create.isPending}
          >
            {t("Make the key")}
          </Button>
        </>
      }
    >
      <form id={FORM} className="flex flex-col gap-5" onSubmit={submit}>
        <FormProblem error={create.error} fields={["name", "visible_pages"]} />
        <Field
          label={t("Name")}
          hint={t("What uses it, so that you know it again.")}
          error={fieldError(create.error, "name")}
        >
          <Input
            required
            data-autofocus
            autoComplete="off"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        <div className="grid gap-5 sm:grid-cols-2">
          <Field label={t("Role")} hint={keyRoleAbout(role)}>
            <Select
              options={KEY_ROLES.map((value) => ({ value, label: roleName(value) }))}
              value={role}
              onChange={setRole}
            />
          </Field>
          <Field label={t("Valid for")}>
            <Select
              value={days}
              onChange={setDays}
              options={[
                { value: "0", label: t("No end") },
                { value: "30", label: t("30 days") },
                { value: "90", label: t("90 days") },
                { value: "365", label: t("One year") },
              ]}
            />
          </Field>
        </div>
        {role === "marketing" ? (
          <PageFields
            chosen={pages}
            onChange={setPages}
            error={fieldError(create.error, "visible_pages")}
          />
        ) : (
          <ScopeFields chosen={scopes} onChange={setScopes} />
        )}
        <SiteFields sites={sites} chosen={siteIds} onChange={setSiteIds} />
      </form>
    </Dialog>
  );
}
