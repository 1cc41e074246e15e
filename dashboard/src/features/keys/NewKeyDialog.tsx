import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fieldError } from "../../api/explain";
import { createKey } from "../../api/keys";
import { sitesQuery } from "../../api/sites";
import type { NewKey } from "../../api/types";
import { t } from "../../lib/i18n";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { Checkbox } from "../../ui/Checkbox";
import { CodeBlock } from "../../ui/CodeBlock";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { Input } from "../../ui/Input";
import { Select } from "../../ui/Select";
import { FormProblem } from "../problem/FormProblem";
import { roleAbout, roleName } from "../users/roles";
import { SCOPES, type Scope, scopeAbout, scopeName } from "./scopes";

const FORM = "new-key";
const DAY_MS = 86_400_000;
const KEY_ROLES = ["viewer", "marketing", "admin"] as const;

/** Makes a key; its secret is shown once. */
export function NewKeyDialog({ onClose }: { onClose: () => void }) {
  const sites = useQuery(sitesQuery).data ?? [];
  const [name, setName] = useState("");
  const [role, setRole] = useState<NewKey["role"]>("viewer");
  const [scopes, setScopes] = useState<readonly Scope[]>(["read"]);
  const [siteIds, setSiteIds] = useState<readonly string[]>([]);
  const [days, setDays] = useState("0");
  const create = useMutation({ mutationFn: createKey });
  if (create.data) {
    return <Secret name={create.data.key.name} secret={create.data.secret} onClose={onClose} />;
  }
  const toggle = <T,>(list: readonly T[], one: T, on: boolean) =>
    on ? [...list, one] : list.filter((other) => other !== one);
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
            disabled={scopes.length === 0}
            loading={create.isPending}
          >
            {t("Make the key")}
          </Button>
        </>
      }
    >
      <form
        id={FORM}
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate({
            name: name.trim(),
            role,
            scopes: [...scopes],
            siteIds: siteIds.length > 0 ? [...siteIds] : undefined,
            expiresAt:
              days === "0" ? undefined : new Date(Date.now() + Number(days) * DAY_MS).toISOString(),
          });
        }}
      >
        <FormProblem error={create.error} fields={["name"]} />
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
          <Field label={t("Role")} hint={roleAbout(role)}>
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
        <fieldset className="flex flex-col gap-3">
          <legend className="mb-1.5 text-sm font-medium">{t("May be used to")}</legend>
          {SCOPES.map((scope) => (
            <Checkbox
              key={scope}
              label={scopeName(scope)}
              hint={scopeAbout(scope)}
              checked={scopes.includes(scope)}
              onChange={(on) => setScopes(toggle(scopes, scope, on))}
            />
          ))}
        </fieldset>
        {sites.length > 0 && (
          <fieldset>
            <legend className="mb-1 text-sm font-medium">{t("Sites")}</legend>
            <p className="mb-3 text-sm text-muted">{t("Choose none for all sites.")}</p>
            <div className="flex max-h-44 flex-col gap-2 overflow-y-auto rounded-m border border-line p-3">
              {sites.map((site) => (
                <Checkbox
                  key={site.siteId}
                  label={site.name}
                  checked={siteIds.includes(site.siteId)}
                  onChange={(on) => setSiteIds(toggle(siteIds, site.siteId, on))}
                />
              ))}
            </div>
          </fieldset>
        )}
      </form>
    </Dialog>
  );
}

function Secret({ name, secret, onClose }: { name: string; secret: string; onClose: () => void }) {
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("The key {name}", { name })}
      footer={
        <Button variant="primary" onClick={onClose}>
          {t("Done")}
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        <CodeBlock label={t("Secret key")} code={secret} />
        <Banner tone="warn" title={t("Copy it now")}>
          {t("It is not shown again. Keep it on servers only, never in a page.")}
        </Banner>
        <CodeBlock
          label={t("To try it")}
          code={`curl -H "Authorization: Bearer ${secret}" ${location.origin}/v1/sites`}
        />
      </div>
    </Dialog>
  );
}
