import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { formsQuery } from "../../api/forms";
import { atLeast } from "../../api/session";
import { useSite } from "../../api/sites";
import { t } from "../../lib/i18n";
import { useTitle } from "../../lib/title";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { EmptyState } from "../../ui/EmptyState";
import { PageHeader } from "../../ui/PageHeader";
import { SkeletonLines } from "../../ui/Skeleton";
import { Problem } from "../problem/Problem";
import { FormCard } from "./FormCard";
import { FormDialog } from "./FormDialog";

/** The forms of a site that somebody described, with their fields. */
export default function FormsPage({ siteId }: { siteId: string }) {
  const site = useSite(siteId);
  const forms = useQuery(formsQuery(siteId));
  const [adding, setAdding] = useState(false);
  useTitle(t("Forms"), site.name);
  const mayChange = atLeast(site.role, "admin");
  const none = forms.data?.length === 0;
  const add = mayChange && (
    <Button variant="primary" icon={<Plus size={17} />} onClick={() => setAdding(true)}>
      {t("New form")}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={t("Forms")}
        description={t("Where the forms stand that bring you leads, and which fields they have.")}
        actions={none ? undefined : add}
      />
      <div className="flex max-w-4xl flex-col gap-6">
        {!forms.data && (
          <Card>
            {forms.error ? (
              <Problem error={forms.error} onRetry={forms.refetch} retrying={forms.isFetching} />
            ) : (
              <SkeletonLines />
            )}
          </Card>
        )}
        {none && (
          <Card>
            <EmptyState title={t("No form described yet")} actions={add}>
              {t(
                "Give a form a name, say on which page it stands and how it is found there. Submissions then carry that name, and the site’s scripts know which fields to read: e-mail, phone, message.",
              )}
            </EmptyState>
          </Card>
        )}
        {forms.data?.map((form) => (
          <FormCard key={form.formId} form={form} mayChange={mayChange} />
        ))}
      </div>
      {adding && <FormDialog siteId={siteId} onClose={() => setAdding(false)} />}
    </>
  );
}
