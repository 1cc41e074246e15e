import type { FormEvent } from "react";
import { fieldError } from "../../api/explain";
import type { Site } from "../../api/types";
import { useDraft } from "../../lib/draft";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Checkbox } from "../../ui/Checkbox";
import { Field } from "../../ui/Field";
import { Textarea } from "../../ui/Textarea";
import { FormProblem } from "../problem/FormProblem";
import { ProfileChoice } from "../sites/ProfileChoice";
import { IpField } from "./IpField";
import { within } from "./limits";
import { type Recognition, RecognitionCard } from "./RecognitionCard";
import { useSiteChange } from "./useSiteChange";

const FIELDS = ["profile", "ip", "settings", "queryAllow", "visitorIdDays"];

/** What may be kept about a visitor. */
export function PrivacySection({ site }: { site: Site }) {
  const { settings } = site;
  const [profile, setProfile] = useDraft(site.profile);
  const [ip, setIp] = useDraft(site.ip);
  const [silentWhenDenied, setSilent] = useDraft(settings.silentWhenDenied);
  const [honourDnt, setDnt] = useDraft(settings.honourDnt);
  const [consentRequired, setRequired] = useDraft(settings.consentRequired);
  const [names, setNames] = useDraft(settings.queryAllow.join("\n"));
  const [recognition, setRecognition] = useRecognition(site);
  const save = useSiteChange(site);
  const queryAllow = [...new Set(names.split(/[\s,]+/).filter(Boolean))];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const allowed = within(profile, { ...recognition, ip });
    save.mutate({
      profile,
      ip: allowed.ip,
      settings: {
        silentWhenDenied,
        honourDnt,
        consentRequired,
        queryAllow,
        visitorId: allowed.visitorId,
        visitorIdDays: Number(recognition.visitorIdDays),
        fingerprint: allowed.fingerprint,
      },
    });
  };
  return (
    <form className="flex flex-col gap-6" onSubmit={submit}>
      <FormProblem error={save.error} fields={FIELDS} />
      <Card>
        <ProfileChoice value={profile} onChange={setProfile} />
      </Card>
      <Card title={t("Asking visitors")}>
        <div className="flex flex-col gap-6">
          <Checkbox
            label={t("Store nothing before a visitor agrees")}
            hint={t(
              "For sites whose banner asks before anything else. Visits without an answer are not counted at all.",
            )}
            checked={consentRequired}
            onChange={setRequired}
          />
          <Checkbox
            label={t("Keep nothing at all when a visitor says no")}
            hint={
              profile === "hipaa"
                ? t("HIPAA always does so.")
                : t("Otherwise they are counted without cookies. Numbers get smaller with it.")
            }
            disabled={profile === "hipaa"}
            checked={silentWhenDenied || profile === "hipaa"}
            onChange={setSilent}
          />
          <Checkbox
            label={t("Treat “Do Not Track” as a no")}
            hint={t("Like the newer signal Global Privacy Control, which always counts.")}
            checked={honourDnt}
            onChange={setDnt}
          />
        </div>
      </Card>
      <RecognitionCard
        profile={profile}
        value={recognition}
        onChange={setRecognition}
        daysError={fieldError(save.error, "visitorIdDays")}
      />
      <Card title={t("Details")}>
        <div className="flex flex-col gap-6">
          <IpField
            profile={profile}
            value={ip}
            onChange={setIp}
            error={fieldError(save.error, "ip")}
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

/** The drafts of how browsers are recognised, as one value. */
function useRecognition({ settings }: Site) {
  const [visitorId, setId] = useDraft(settings.visitorId);
  const [visitorIdDays, setDays] = useDraft(String(settings.visitorIdDays));
  const [fingerprint, setFingerprint] = useDraft(settings.fingerprint);
  const change = (given: Partial<Recognition>) => {
    if (given.visitorId !== undefined) setId(given.visitorId);
    if (given.visitorIdDays !== undefined) setDays(given.visitorIdDays);
    if (given.fingerprint !== undefined) setFingerprint(given.fingerprint);
  };
  return [{ visitorId, visitorIdDays, fingerprint }, change] as const;
}
