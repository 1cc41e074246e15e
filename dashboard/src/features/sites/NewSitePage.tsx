import { useMutation } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useLocation, useSearch } from "wouter";
import { fieldError } from "../../api/explain";
import { loadSampleData } from "../../api/sample-data";
import { atLeast, useSession } from "../../api/session";
import { createSite } from "../../api/sites";
import type { Profile } from "../../api/types";
import { siteAddress } from "../../lib/address";
import { normaliseDomain } from "../../lib/domain";
import { t } from "../../lib/i18n";
import { SLUG_PATTERN, slugFrom } from "../../lib/slug";
import { useTitle } from "../../lib/title";
import { ownZone, zoneOptions } from "../../lib/zones";
import { Banner } from "../../ui/Banner";
import { Button, ButtonLink } from "../../ui/Button";
import { Combobox } from "../../ui/Combobox";
import { Field } from "../../ui/Field";
import { Input } from "../../ui/Input";
import { PageHeader } from "../../ui/PageHeader";
import { FormProblem } from "../problem/FormProblem";
import { NotAllowed } from "../problem/NotAllowed";
import { DomainHint } from "./DomainHint";
import { ProfileChoice } from "./ProfileChoice";

const FIELDS = ["name", "slug", "domains", "timeZone", "time zone", "profile"];

/** A new site; afterwards to its snippet, or to its sample data with `?then=sample`. */
export default function NewSitePage() {
  useTitle(t("Add site"));
  const withSample = new URLSearchParams(useSearch()).get("then") === "sample";
  const [, navigate] = useLocation();
  const zones = useMemo(zoneOptions, []);
  const [name, setName] = useState(withSample ? t("Sample shop") : "");
  const [slug, setSlug] = useState<string | null>(null);
  const [typed, setTyped] = useState(withSample ? "shop.example" : "");
  const [timeZone, setTimeZone] = useState(ownZone);
  const [profile, setProfile] = useState<Profile>("gdpr");
  const domain = normaliseDomain(typed);
  const shortName = slug ?? slugFrom(name);
  const create = useMutation({
    mutationFn: async () => {
      const site = await createSite({
        name: name.trim(),
        domains: domain ? [domain] : [],
        slug: shortName || undefined,
        timeZone,
        profile,
      });
      if (withSample) await loadSampleData(site.siteId);
      return site;
    },
    onSuccess: (site) => navigate(siteAddress(site, withSample ? "/settings/data" : "/install")),
  });
  const mayAdd = atLeast(useSession().role, "admin");
  if (!mayAdd) return <NotAllowed title={t("Add site")} />;
  return (
    <div className="mx-auto max-w-4xl">
      <PageHeader
        title={t("Add site")}
        description={t("Then you get one line for its pages and see the first visit arrive.")}
      />
      <form
        className="flex flex-col gap-6"
        onSubmit={(event) => {
          event.preventDefault();
          if (domain) create.mutate();
        }}
      >
        {withSample && (
          <Banner title={t("With sample data")}>
            {t(
              "The site is filled with a year of made-up visits, so that you can look around. You can remove them again.",
            )}
          </Banner>
        )}
        <FormProblem error={create.error} fields={FIELDS} />
        <div className="grid gap-6 md:grid-cols-2">
          <Field label={t("Name")} error={fieldError(create.error, "name")}>
            <Input
              required
              autoFocus
              maxLength={200}
              placeholder={t("Our shop")}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          </Field>
          <Field
            label={t("Domain")}
            hint={<DomainHint typed={typed} domain={domain} />}
            error={fieldError(create.error, "domains")}
          >
            <Input
              required
              inputMode="url"
              autoCapitalize="none"
              spellCheck={false}
              placeholder="example.com"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              onBlur={() => domain && setTyped(domain)}
            />
          </Field>
          <Field
            label={t("Time zone")}
            hint={t("Days begin and end there in all reports.")}
            error={fieldError(create.error, "timeZone") ?? fieldError(create.error, "time zone")}
          >
            <Combobox options={zones} value={timeZone} onChange={setTimeZone} />
          </Field>
          <Field
            label={t("Short name")}
            hint={t("For addresses: {address}", {
              address: `${location.host}/app/${shortName || "…"}`,
            })}
            error={fieldError(create.error, "slug")}
          >
            <Input
              pattern={SLUG_PATTERN}
              maxLength={63}
              autoCapitalize="none"
              spellCheck={false}
              title={t("Lower-case letters, digits and inner hyphens")}
              value={shortName}
              onChange={(event) => setSlug(event.target.value.toLowerCase())}
            />
          </Field>
        </div>
        <ProfileChoice value={profile} onChange={setProfile} />
        <div className="flex flex-wrap gap-2">
          <Button type="submit" variant="primary" loading={create.isPending}>
            {withSample ? t("Add site with sample data") : t("Add site")}
          </Button>
          <ButtonLink href="/" variant="ghost">
            {t("Cancel")}
          </ButtonLink>
        </div>
      </form>
    </div>
  );
}
