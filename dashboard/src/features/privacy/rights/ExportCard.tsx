import { useMutation, useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useState } from "react";
import { useSearch } from "wouter";
import { isApiError } from "../../../api/error";
import { type Export, exportPath, exportsQuery, startExport } from "../../../api/subjects";
import type { Site } from "../../../api/types";
import { t } from "../../../lib/i18n";
import { Ago } from "../../../ui/Ago";
import { Button, ButtonAnchor } from "../../../ui/Button";
import { Card } from "../../../ui/Card";
import { SkeletonLines } from "../../../ui/Skeleton";
import { FormProblem } from "../../problem/FormProblem";
import { Problem } from "../../problem/Problem";
import { StatusBadge } from "./StatusBadge";
import { SubjectFields } from "./SubjectFields";
import { subjectOf, toSubject } from "./subject";

/** Everything that is known about a visitor or person, as files for them. */
export function ExportCard({ site }: { site: Site }) {
  const search = useSearch();
  const [draft, setDraft] = useState(() => subjectOf(search));
  const exports = useQuery(exportsQuery(site.siteId));
  const begin = useMutation({
    mutationFn: () => startExport(site.siteId, toSubject(draft)),
    onSuccess: () => setDraft({ ...draft, id: "" }),
  });
  const fieldProblem = isApiError(begin.error) && begin.error.field ? begin.error.message : "";
  return (
    <Card
      title={t("Export a person’s data")}
      description={t(
        "Everything that is stored about them, as JSON and CSV. The files are personal data: they go by themselves after a day.",
      )}
    >
      <form
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          begin.mutate();
        }}
      >
        {!fieldProblem && <FormProblem error={begin.error} />}
        <SubjectFields value={draft} onChange={setDraft} error={fieldProblem || undefined} />
        <div>
          <Button type="submit" loading={begin.isPending}>
            {t("Export")}
          </Button>
        </div>
      </form>
      <h3 className="mt-8 mb-3 text-sm font-semibold">{t("Exports")}</h3>
      {exports.isPending && <SkeletonLines lines={2} />}
      {!exports.data && exports.error && (
        <Problem
          compact
          error={exports.error}
          onRetry={() => void exports.refetch()}
          retrying={exports.isFetching}
        />
      )}
      {exports.data?.length === 0 && (
        <p className="text-sm text-muted">{t("None, or all have expired.")}</p>
      )}
      <ul className="flex flex-col gap-2">
        {exports.data?.map((one) => (
          <ExportItem key={one.exportId} siteId={site.siteId} one={one} />
        ))}
      </ul>
    </Card>
  );
}

function ExportItem({ siteId, one }: { siteId: string; one: Export }) {
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-m border border-line px-3.5 py-2.5 text-sm">
      <StatusBadge status={one.status} />
      <span role="status">
        {t("{n, plural, one {# event} other {# events}}", { n: one.progress.events })}
      </span>
      <span className="text-muted">
        <Ago time={one.requestedAt} />
        {one.status === "ready" && (
          <>
            {" · "}
            {t("expires")} <Ago time={one.expiresAt} />
          </>
        )}
      </span>
      {one.status === "ready" && (
        <span className="ml-auto flex gap-2">
          {(["json", "csv"] as const).map((format) => (
            <ButtonAnchor
              key={format}
              size="sm"
              href={exportPath(siteId, one.exportId, format)}
              download={`export-${one.exportId}.${format}`}
              icon={<Download size={14} aria-hidden="true" />}
            >
              {format.toUpperCase()}
            </ButtonAnchor>
          ))}
        </span>
      )}
      {one.status === "failed" && (
        <p className="basis-full text-bad" lang="en">
          {one.problem ?? t("The log of the server says why.")}
        </p>
      )}
    </li>
  );
}
