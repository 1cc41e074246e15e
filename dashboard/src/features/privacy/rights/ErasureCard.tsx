import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useSearch } from "wouter";
import { isApiError } from "../../../api/error";
import { explain } from "../../../api/explain";
import { erase, erasuresQuery, REASONS, type Reason } from "../../../api/subjects";
import type { Site } from "../../../api/types";
import { t } from "../../../lib/i18n";
import { Button } from "../../../ui/Button";
import { Card } from "../../../ui/Card";
import { ConfirmDialog } from "../../../ui/ConfirmDialog";
import { Field } from "../../../ui/Field";
import { Select } from "../../../ui/Select";
import { SkeletonLines } from "../../../ui/Skeleton";
import { toast } from "../../../ui/Toast";
import { Problem } from "../../problem/Problem";
import { REASON } from "../words";
import { ErasureItem } from "./ErasureItem";
import { SubjectFields } from "./SubjectFields";
import { subjectOf, toSubject } from "./subject";

/** Removes everything about a visitor or person from every store, and says what it removed. */
export function ErasureCard({ site }: { site: Site }) {
  const search = useSearch();
  const [draft, setDraft] = useState(() => subjectOf(search));
  const [reason, setReason] = useState<Reason>("request");
  const [asking, setAsking] = useState(false);
  const erasures = useQuery(erasuresQuery(site.siteId));
  const begin = useMutation({
    mutationFn: () => erase(site.siteId, toSubject(draft), reason),
    onSuccess: () => {
      setAsking(false);
      setDraft({ ...draft, id: "" });
      toast(t("The erasure has begun. Its steps are below."));
    },
    // What is wrong with the id is said at its field.
    onError: (error) => isApiError(error) && error.field !== null && setAsking(false),
  });
  const fieldProblem = isApiError(begin.error) && begin.error.field ? begin.error.message : "";
  return (
    <Card
      title={t("Erase a person")}
      description={t(
        "From every store of this server: journal, archive, reports, database and exports. Backups you keep elsewhere are yours to clean.",
      )}
    >
      <form
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          setAsking(true);
        }}
      >
        <SubjectFields value={draft} onChange={setDraft} error={fieldProblem || undefined} />
        <Field label={t("Reason")} hint={t("For the audit log and the certificate.")}>
          <Select
            options={REASONS.map((value) => ({ value, label: t(REASON[value]) }))}
            value={reason}
            onChange={setReason}
          />
        </Field>
        <div>
          <Button type="submit" variant="danger">
            {t("Erase …")}
          </Button>
        </div>
      </form>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        onConfirm={() => begin.mutate()}
        loading={begin.isPending}
        error={begin.error && !fieldProblem && explain(begin.error).text}
        title={t("Erase everything about this person?")}
        description={
          <>
            <span className="block">
              {t(
                "Every event, visit, link and export of the id below is removed from all files of this server, and numbers of past reports change with it. A certificate says what was removed. This cannot be undone.",
              )}
            </span>
            <bdi className="mt-2 block font-mono text-sm wrap-anywhere text-ink">
              {draft.id.trim()}
            </bdi>
          </>
        }
        confirm={t("Erase everything")}
      />
      <h3 className="mt-8 mb-3 text-sm font-semibold">{t("Erasures")}</h3>
      {erasures.isPending && <SkeletonLines lines={2} />}
      {!erasures.data && erasures.error && (
        <Problem
          compact
          error={erasures.error}
          onRetry={() => void erasures.refetch()}
          retrying={erasures.isFetching}
        />
      )}
      {erasures.data?.length === 0 && (
        <p className="text-sm text-muted">{t("Nobody has been erased yet.")}</p>
      )}
      <ul className="flex flex-col gap-2">
        {erasures.data?.map((erasure) => (
          <ErasureItem key={erasure.erasureId} siteId={site.siteId} erasure={erasure} />
        ))}
      </ul>
    </Card>
  );
}
