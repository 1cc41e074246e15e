import { t } from "../../lib/i18n";
import { useTitle } from "../../lib/title";
import { ButtonLink } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { PageHeader } from "../../ui/PageHeader";

/** What stands in place of a page that the caller's role does not open. */
export function NotAllowed({ title }: { title: string }) {
  useTitle(title);
  return (
    <>
      <PageHeader title={title} />
      <EmptyState
        title={t("Your role does not open this page")}
        actions={<ButtonLink href="/">{t("To your sites")}</ButtonLink>}
      >
        {t("Ask an owner or admin of this account if you need it.")}
      </EmptyState>
    </>
  );
}
