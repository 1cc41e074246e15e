import { useMutation } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useLocation } from "wouter";
import { explain, fieldError } from "../../api/explain";
import { deleteSite } from "../../api/sites";
import type { Site } from "../../api/types";
import { useDraft } from "../../lib/draft";
import { t } from "../../lib/i18n";
import { SLUG_PATTERN } from "../../lib/slug";
import { zoneOptions } from "../../lib/zones";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { CodeBlock } from "../../ui/CodeBlock";
import { Combobox } from "../../ui/Combobox";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { Field } from "../../ui/Field";
import { Input } from "../../ui/Input";
import { toast } from "../../ui/Toast";
import { FormProblem } from "../problem/FormProblem";
import { useSiteChange } from "./useSiteChange";

/** Name, address, time zone; pausing and deleting. */
export function GeneralSection({ site }: { site: Site }) {
  return (
    <>
      <Names site={site} />
      <Card
        title={t("Ids")}
        description={t("The site id stands in the snippet; both may be public.")}
      >
        <div className="grid gap-4">
          <CodeBlock label={t("Site id")} code={site.siteId} />
          <CodeBlock label={t("Write key")} code={site.writeKey} />
        </div>
      </Card>
      <Pause site={site} />
      <Remove site={site} />
    </>
  );
}

function Names({ site }: { site: Site }) {
  const zones = useMemo(zoneOptions, []);
  const [name, setName] = useDraft(site.name);
  const [slug, setSlug] = useDraft(site.slug ?? "");
  const [timeZone, setTimeZone] = useDraft(site.timeZone);
  const save = useSiteChange(site);
  const changed = name !== site.name || slug !== (site.slug ?? "") || timeZone !== site.timeZone;
  return (
    <Card title={t("General")}>
      <form
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate({ name: name.trim(), slug: slug || null, timeZone });
        }}
      >
        <FormProblem error={save.error} fields={["name", "slug", "timeZone"]} />
        <Field label={t("Name")} error={fieldError(save.error, "name")}>
          <Input
            required
            maxLength={200}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        <Field
          label={t("Short name")}
          hint={t("For addresses: {address}", {
            address: `${location.host}/app/${slug || site.siteId}`,
          })}
          error={fieldError(save.error, "slug")}
        >
          <Input
            pattern={SLUG_PATTERN}
            title={t("Lower-case letters, digits and inner hyphens")}
            spellCheck={false}
            autoCapitalize="none"
            value={slug}
            onChange={(event) => setSlug(event.target.value.toLowerCase())}
          />
        </Field>
        <Field
          label={t("Time zone")}
          hint={t("Days begin and end there in all reports, also for the past.")}
          error={fieldError(save.error, "timeZone")}
        >
          <Combobox options={zones} value={timeZone} onChange={setTimeZone} />
        </Field>
        <div>
          <Button type="submit" variant="primary" disabled={!changed} loading={save.isPending}>
            {t("Save")}
          </Button>
        </div>
      </form>
    </Card>
  );
}

function Pause({ site }: { site: Site }) {
  const save = useSiteChange(site);
  return (
    <Card
      title={site.isActive ? t("Pause the site") : t("The site is paused")}
      description={t("A paused site accepts no events; its reports stay. Visitors notice nothing.")}
    >
      <FormProblem error={save.error} />
      <Button loading={save.isPending} onClick={() => save.mutate({ isActive: !site.isActive })}>
        {site.isActive ? t("Pause") : t("Accept events again")}
      </Button>
    </Card>
  );
}

function Remove({ site }: { site: Site }) {
  const [asking, setAsking] = useState(false);
  const [, navigate] = useLocation();
  const remove = useMutation({
    mutationFn: () => deleteSite(site.siteId),
    onSuccess: () => {
      navigate("/");
      toast(t("{name} is deleted.", { name: site.name }));
    },
  });
  return (
    <Card
      className="border-bad/40"
      title={t("Delete the site")}
      description={t(
        "Its reports, events, settings and keys become unreachable at once. This cannot be undone.",
      )}
    >
      <Button variant="danger" onClick={() => setAsking(true)}>
        {t("Delete the site …")}
      </Button>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        onConfirm={() => remove.mutate()}
        loading={remove.isPending}
        error={remove.error && explain(remove.error).text}
        title={t("Delete {name}?", { name: site.name })}
        description={t(
          "Everything that was measured there is lost. Its domains become free for another site.",
        )}
        confirm={t("Delete the site")}
        typed={site.name.trim()}
      />
    </Card>
  );
}
