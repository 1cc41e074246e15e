import type { Profile, VisitorIdPolicy } from "../../api/types";
import { t } from "../../lib/i18n";
import { Banner } from "../../ui/Banner";
import { Card } from "../../ui/Card";
import { Checkbox } from "../../ui/Checkbox";
import { Field } from "../../ui/Field";
import { Input } from "../../ui/Input";
import { RadioCards } from "../../ui/RadioCards";
import { LIMITS } from "./limits";

export interface Recognition {
  visitorId: VisitorIdPolicy;
  /** As typed. */
  visitorIdDays: string;
  fingerprint: boolean;
}

interface Props {
  profile: Profile;
  value: Recognition;
  onChange: (change: Partial<Recognition>) => void;
  daysError: string | undefined;
}

/** How a browser is recognised when it comes back, as far as the profile allows that at all. */
export function RecognitionCard({ profile, value, onChange, daysError }: Props) {
  const limits = LIMITS[profile];
  const kept = limits.visitorId ? value.visitorId : "none";
  return (
    <Card
      title={t("Recognition")}
      description={t("Without an id, visitors are recognised within one day only.")}
    >
      <div className="flex flex-col gap-6">
        {!limits.visitorId && (
          <Banner title={t("Ruled out by the profile “Consent-free”")}>
            {t(
              "It stores nothing in browsers and recognises nobody across days. That is what makes the banner unnecessary.",
            )}
          </Banner>
        )}
        <RadioCards
          legend={t("Visitor id")}
          disabled={!limits.visitorId}
          value={kept}
          onChange={(visitorId) => onChange({ visitorId })}
          options={[
            {
              value: "none",
              title: t("None"),
              children: t("Nothing is stored in the browser, whatever visitors agree to."),
            },
            {
              value: "storage",
              title: t("In the browser’s storage"),
              children:
                profile === "standard"
                  ? t("Written on the first visit; scripts of your page can read it.")
                  : t("Written once a visitor agrees; scripts of your page can read it."),
            },
            {
              value: "cookie",
              title: t("As a cookie of the server"),
              children: t(
                "No script can read it. Only where this server runs under the same domain as the site; elsewhere it is the browser’s storage.",
              ),
            },
          ]}
        />
        {kept !== "none" && (
          <Field
            label={t("Life of the id")}
            hint={t("From its making; visits do not prolong it. 395 days are thirteen months.")}
            error={daysError}
          >
            <Input
              type="number"
              min={1}
              max={400}
              required
              suffix={t("days")}
              value={value.visitorIdDays}
              onChange={(event) => onChange({ visitorIdDays: event.target.value })}
            />
          </Field>
        )}
        <Checkbox
          label={t("Recognise browsers by a fingerprint")}
          hint={
            limits.fingerprint
              ? t(
                  "Only for visitors who agreed to analytics and who have no id. A script of its own is loaded for them.",
                )
              : profile === "hipaa"
                ? t("HIPAA rules it out.")
                : t("The profile “Consent-free” rules it out.")
          }
          disabled={!limits.fingerprint}
          checked={limits.fingerprint && value.fingerprint}
          onChange={(fingerprint) => onChange({ fingerprint })}
        />
        {limits.fingerprint && value.fingerprint && (
          <Banner tone="warn" title={t("Say so in your privacy policy")}>
            {t(
              "Visitors cannot delete a fingerprint as they delete cookies. European authorities expect an explicit agreement to it.",
            )}
          </Banner>
        )}
      </div>
    </Card>
  );
}
