import { t } from "../../lib/i18n";

/** What a typed domain is understood as, while it is typed. */
export function DomainHint({ typed, domain }: { typed: string; domain: string | null }) {
  if (typed.trim() === "") return t("Without https:// and path; www. is included.");
  if (domain === null)
    return <span className="text-warn">{t("There is no domain in this yet.")}</span>;
  if (domain.startsWith("*.")) {
    return t("All subdomains of {domain}, without {domain} itself.", { domain: domain.slice(2) });
  }
  if (domain !== typed.trim()) return t("Understood as {domain}", { domain });
  return t("Events from {domain} are accepted.", { domain });
}
