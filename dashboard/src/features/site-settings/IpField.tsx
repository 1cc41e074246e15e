import type { IpPolicy, Profile } from "../../api/types";
import { t } from "../../lib/i18n";
import { Field } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { LIMITS, within } from "./limits";

interface Props {
  profile: Profile;
  value: IpPolicy;
  onChange: (ip: IpPolicy) => void;
  error: string | undefined;
}

/** In which form an address is kept. What the profile forbids cannot be chosen, and why is said. */
export function IpField({ profile, value, onChange, error }: Props) {
  const allowed = LIMITS[profile].ip;
  const policies: { value: IpPolicy; label: string }[] = [
    { value: "none", label: t("Never kept") },
    { value: "hmac", label: t("As a keyed hash that changes every day") },
    { value: "truncated", label: t("Shortened: the last part is cut off") },
    { value: "full", label: t("In full, until a visitor says no") },
  ];
  const { ip } = within(profile, { ip: value, visitorId: "none", fingerprint: false });
  return (
    <Field label={t("IP address")} hint={hint(profile)} error={error}>
      <Select
        options={policies.map((policy) => ({
          ...policy,
          disabled: !allowed.includes(policy.value),
        }))}
        value={ip}
        onChange={onChange}
        disabled={allowed.length === 1}
      />
    </Field>
  );
}

function hint(profile: Profile): string {
  if (profile === "hipaa") return t("HIPAA never keeps it.");
  if (profile === "exempt") return t("The profile “Consent-free” never keeps it.");
  if (profile === "standard")
    return t("The country is looked up before; it does not need the address to be kept.");
  return t(
    "The country is looked up before; it does not need the address to be kept. In full only under the profile “Standard”.",
  );
}
