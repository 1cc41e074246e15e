import { Globe, Trash2 } from "lucide-react";
import { useState } from "react";
import { fieldError } from "../../api/explain";
import type { Site } from "../../api/types";
import { normaliseDomain } from "../../lib/domain";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Checkbox } from "../../ui/Checkbox";
import { Field } from "../../ui/Field";
import { IconButton } from "../../ui/IconButton";
import { Input } from "../../ui/Input";
import { FormProblem } from "../problem/FormProblem";
import { DomainHint } from "../sites/DomainHint";
import { useSiteChange } from "./useSiteChange";

/** From which hosts events are accepted. */
export function DomainsSection({ site }: { site: Site }) {
  const [typed, setTyped] = useState("");
  const save = useSiteChange(site);
  const domain = normaliseDomain(typed);
  const known = domain !== null && site.domains.includes(domain);
  return (
    <>
      <Card title={t("Domains")} description={t("Events from pages of other hosts are refused.")}>
        <FormProblem error={save.error} fields={["domains"]} />
        <ul className="mb-6 divide-y divide-line rounded-m border border-line">
          {site.domains.map((one) => (
            <li key={one} className="flex items-center gap-3 py-1.5 pr-2 pl-3.5">
              <Globe size={16} aria-hidden="true" className="shrink-0 text-muted" />
              <span className="min-w-0 flex-1 truncate">{one}</span>
              <IconButton
                size="sm"
                label={t("Remove {domain}", { domain: one })}
                icon={<Trash2 size={15} />}
                disabled={save.isPending}
                onClick={() =>
                  save.mutate({ domains: site.domains.filter((other) => other !== one) })
                }
              />
            </li>
          ))}
          {site.domains.length === 0 && (
            <li className="px-3.5 py-3 text-muted">
              {t("No domain yet: only servers with a key can send events.")}
            </li>
          )}
        </ul>
        <form
          className="flex flex-wrap items-start gap-3"
          onSubmit={(event) => {
            event.preventDefault();
            if (!domain || known) return;
            save.mutate({ domains: [...site.domains, domain] }, { onSuccess: () => setTyped("") });
          }}
        >
          <Field
            label={t("Add a domain")}
            className="flex-1 basis-64"
            hint={
              known ? t("It is in the list already.") : <DomainHint typed={typed} domain={domain} />
            }
            error={fieldError(save.error, "domains")}
          >
            <Input
              inputMode="url"
              autoCapitalize="none"
              spellCheck={false}
              placeholder="shop.example.com"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          </Field>
          <Button
            type="submit"
            className="mt-6.5"
            disabled={!domain || known}
            loading={save.isPending}
          >
            {t("Add")}
          </Button>
        </form>
      </Card>
      <Card title={t("Events without a page")}>
        <Checkbox
          label={t("Refuse events that do not say which page they come from")}
          hint={t(
            "Browsers always say it. Servers and scripts often do not; they can use a key instead.",
          )}
          checked={site.settings.requireOrigin}
          disabled={save.isPending}
          onChange={(requireOrigin) => save.mutate({ settings: { requireOrigin } })}
        />
      </Card>
    </>
  );
}
