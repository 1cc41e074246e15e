import { t } from "../lib/i18n";
import { useTitle } from "../lib/title";

export function NotFoundPage() {
  useTitle(t("Page not found"));
  return <h1>{t("Page not found")}</h1>;
}
