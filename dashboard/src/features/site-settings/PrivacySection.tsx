import type { FormEvent } from "react";
import { fieldError } from "../../api/explain";
import type { IpPolicy, Site } from "../../api/types";
import { useDraft } from "../../lib/draft";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Checkbox } from "../../ui/Checkbox";
import { Field } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { Textarea } from "../../ui/Textarea";
import { FormProblem } from "../problem/FormProblem";
import { ProfileChoice } from "../sites/ProfileChoice";
import { useSiteChange } from "./useSiteChange";

const FIELDS = ["profile", "ip", "settings", "queryAllow"];

/** What may be kept about a visitor. */
export function PrivacySection({ site }: { site: Site }) {
  const [profile, setProfile] = useDraft(site.profile);
  const [ip, setIp] = useDraft(site.ip);
  const [silentWhenDenied, setSilent] = useDraft(site.settings.silentWhenDenied);
  const [honourDnt, setDnt] = useDraft(site.settings.honourDnt);
  const [names, setNames] = useDraft(site.settings.queryAllow.join("\n"));
  const save = useSiteChange(site);
  const queryAllow = [...new Set(names.split(/[\s,]+/).filter(Boolean))];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({
      profile,
      ip: profile === "hipaa" ? "none" : ip,
      settings: { silentWhenDenied, honourDnt, queryAllow },
    });
  };
  const policies: { value: IpPolicy; label: string }[] = [
    { value: "none", label: t("Never kept") },
    { value: "hmac", label: t("As a keyed hash that changes every day") },
    { value: "truncated", label: t("Shortened: the last part is cut off") },
    { value: "full", label: t("In full, where the profile allows it") },
  ];
  return (
    <form className="flex flex-col gap-6" onSubmit={submit}>
      <FormProblem error={save.error} fields={FIELDS} />
      <Card>
        <ProfileChoice value={profile} onChange={setProfile} />
      </Card>
      <Card title={t("Details")}>
        <div className="flex flex-col gap-6">
          <Field
            label={t("IP address")}
            hint={
              profile === "hipaa"
                ? t("HIPAA never keeps it.")
                : t("The country is looked up before; it does not need the address to be kept.")
            }
            error={fieldError(save.error, "ip")}
          >
            <Select
              options={policies}
              value={profile === "hipaa" ? "none" : ip}
              onChange={setIp}
              disabled={profile === "hipaa"}
            />
          </Field>
          <Checkbox
            label={t("Keep nothing at all when a visitor says no")}
            hint={t("Otherwise they are counted without cookies. Numbers get smaller with it.")}
            checked={silentWhenDenied}
            onChange={setSilent}
          />
          <Checkbox
            label={t("Treat “Do Not Track” as a no")}
            hint={t("Like the newer signal Global Privacy Control, which always counts.")}
            checked={honourDnt}
            onChange={setDnt}
          />
          <Field
            label={t("Query parameters to keep")}
            hint={t(
              "One name per line. All others are cut off page addresses, because they often carry personal data. Campaign parameters are always read.",
            )}
            error={fieldError(save.error, "queryAllow")}
          >
            <Textarea
              rows={4}
              spellCheck={false}
              className="font-mono text-sm"
              placeholder={"page\nsort"}
              value={names}
              onChange={(event) => setNames(event.target.value)}
            />
          </Field>
        </div>
      </Card>
      <div>
        <Button type="submit" variant="primary" loading={save.isPending}>
          {t("Save")}
        </Button>
      </div>
    </form>
  );
}
