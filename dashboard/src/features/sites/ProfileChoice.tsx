import type { Profile } from "../../api/types";
import { t } from "../../lib/i18n";
import { Badge } from "../../ui/Badge";
import { RadioCards } from "../../ui/RadioCards";

interface Meaning {
  value: Profile;
  title: string;
  /** For whom it is. */
  about: string;
  /** What happens before an answer, after a no and after a yes. */
  unknown: string;
  denied: string;
  granted: string;
}

function meanings(): Meaning[] {
  return [
    {
      value: "gdpr",
      title: t("GDPR"),
      about: t("For visitors from Europe, with a consent banner or without one."),
      unknown: t(
        "Counted without cookies and recognised for one day only. Nothing is stored in the browser; ad click ids are thrown away.",
      ),
      denied: t("The same, or nothing at all if you say so."),
      granted: t(
        "For each purpose they agree to: recognised when they return, ad clicks kept, leads passed on to CRM and ads, replay.",
      ),
    },
    {
      value: "exempt",
      title: t("Consent-free"),
      about: t("Page statistics only, so that no banner is needed for them."),
      unknown: t(
        "Counted without cookies. Never recognised across days; no ad clicks, no link to leads, no CRM, no replay.",
      ),
      denied: t("The same, or nothing at all if you say so."),
      granted: t("The same: an agreement changes nothing here."),
    },
    {
      value: "standard",
      title: t("Standard"),
      about: t("For places where measuring needs no agreement beforehand."),
      unknown: t(
        "Recognised when they return, with an id in the browser; ad clicks kept; the full IP address only if you say so.",
      ),
      denied: t("Counted without cookies."),
      granted: t("Everything that is switched on for the site."),
    },
    {
      value: "hipaa",
      title: t("HIPAA"),
      about: t("For health care: the strictest one."),
      unknown: t(
        "Counted without cookies. The IP address is never stored, there is no replay, and every look at the data is recorded.",
      ),
      denied: t("Nothing at all."),
      granted: t(
        "Recognised when they return. Form data goes to others only under a signed agreement.",
      ),
    },
  ];
}

/** What a profile is called. */
export function profileName(profile: Profile): string {
  return meanings().find(({ value }) => value === profile)?.title ?? profile;
}

interface Props {
  value: Profile;
  onChange: (profile: Profile) => void;
  disabled?: boolean;
}

/** How much may be known about a visitor, before and after they were asked. */
export function ProfileChoice({ value, onChange, disabled }: Props) {
  return (
    <RadioCards
      legend={t("Privacy profile")}
      hint={t(
        "It decides what may be kept about a visitor, before anything is stored. You can change it later; what was not kept stays unknown.",
      )}
      columns={2}
      value={value}
      onChange={onChange}
      disabled={disabled}
      options={meanings().map((meaning) => ({
        value: meaning.value,
        title: meaning.title,
        badge: meaning.value === "gdpr" && <Badge tone="accent">{t("Recommended")}</Badge>,
        children: (
          <>
            <span className="block text-ink">{meaning.about}</span>
            <Line asked={t("Not asked yet")} then={meaning.unknown} />
            <Line asked={t("Said no")} then={meaning.denied} />
            <Line asked={t("Said yes")} then={meaning.granted} />
          </>
        ),
      }))}
    />
  );
}

function Line({ asked, then }: { asked: string; then: string }) {
  return (
    <span className="mt-2 grid gap-x-3 @min-[22rem]:grid-cols-[6.5rem_1fr]">
      <span className="font-medium">{asked}</span>
      <span>{then}</span>
    </span>
  );
}
