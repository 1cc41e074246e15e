import { t } from "../lib/i18n";
import { useTitle } from "../lib/title";
import { ButtonLink } from "../ui/Button";
import { EmptyState } from "../ui/EmptyState";

export function NotFoundPage() {
  useTitle(t("Page not found"));
  return (
    <div className="pt-16">
      <h1 className="sr-only">{t("Page not found")}</h1>
      <EmptyState
        title={t("The thread ends here")}
        actions={
          <ButtonLink href="/" variant="primary">
            {t("To your sites")}
          </ButtonLink>
        }
      >
        {t("There is no page at this address. Perhaps it was moved, or the address has a typo.")}
      </EmptyState>
    </div>
  );
}
