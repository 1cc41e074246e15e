import type { AnalyticsPage, Site } from "../../api/types";
import { ANALYTICS_PAGES } from "../../api/types";
import { t } from "../../lib/i18n";
import { Checkbox } from "../../ui/Checkbox";
import { pageAbout, pageName } from "./pages";
import { SCOPES, type Scope, scopeAbout, scopeName } from "./scopes";

interface Props<T> {
  chosen: readonly T[];
  onChange: (chosen: readonly T[]) => void;
}

const toggled = <T,>(list: readonly T[], one: T, on: boolean) =>
  on ? [...list, one] : list.filter((other) => other !== one);

/** What a key may be used for. */
export function ScopeFields({ chosen, onChange }: Props<Scope>) {
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="mb-1.5 text-sm font-medium">{t("May be used to")}</legend>
      {SCOPES.map((scope) => (
        <Checkbox
          key={scope}
          label={scopeName(scope)}
          hint={scopeAbout(scope)}
          checked={chosen.includes(scope)}
          onChange={(on) => onChange(toggled(chosen, scope, on))}
        />
      ))}
    </fieldset>
  );
}

/** What a marketing key is shown; everything else answers it with a refusal. */
export function PageFields({ chosen, onChange, error }: Props<AnalyticsPage> & { error?: string }) {
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium">{t("Visible pages")}</legend>
      <p className="mb-3 text-sm text-muted">
        {t(
          "The server refuses everything else. E-mail addresses and phone numbers are masked unless a site shows them.",
        )}
      </p>
      <div className="grid gap-3 sm:grid-cols-2">
        {ANALYTICS_PAGES.map((page) => (
          <Checkbox
            key={page}
            label={pageName(page)}
            hint={pageAbout(page)}
            checked={chosen.includes(page)}
            onChange={(on) => onChange(toggled(chosen, page, on))}
          />
        ))}
      </div>
      <p aria-live="polite" className="mt-2 text-sm text-bad empty:hidden">
        {error}
      </p>
    </fieldset>
  );
}

/** Which sites a key is for; none chosen means all. */
export function SiteFields({ sites, chosen, onChange }: Props<string> & { sites: Site[] }) {
  if (sites.length === 0) return null;
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium">{t("Sites")}</legend>
      <p className="mb-3 text-sm text-muted">{t("Choose none for all sites.")}</p>
      <div className="flex max-h-44 flex-col gap-2 overflow-y-auto rounded-m border border-line p-3">
        {sites.map((site) => (
          <Checkbox
            key={site.siteId}
            label={site.name}
            checked={chosen.includes(site.siteId)}
            onChange={(on) => onChange(toggled(chosen, site.siteId, on))}
          />
        ))}
      </div>
    </fieldset>
  );
}
