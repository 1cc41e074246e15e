import { useQuery } from "@tanstack/react-query";
import { ChevronDown, Circle, CircleCheck, Download } from "lucide-react";
import { useState } from "react";
import { certificatePath, erasureQuery, goesOn } from "../../../api/subjects";
import type { Erasure, ErasureStep } from "../../../api/types";
import { moment } from "../../../lib/ago";
import { t } from "../../../lib/i18n";
import { Ago } from "../../../ui/Ago";
import { ButtonAnchor } from "../../../ui/Button";
import { Progress } from "../../../ui/Progress";
import { SkeletonLines } from "../../../ui/Skeleton";
import { Spinner } from "../../../ui/Spinner";
import { STORE, word } from "../words";
import { StatusBadge } from "./StatusBadge";

/** One erasure: how far it is, store by store, and its certificate once it is done. */
export function ErasureItem({ siteId, erasure: listed }: { siteId: string; erasure: Erasure }) {
  const { erasureId, requestedAt, dueAt } = listed;
  // Open where there is something to watch, and it stays so when it is done.
  const [open, setOpen] = useState(goesOn(listed) || listed.status === "failed");
  const detail = useQuery({ ...erasureQuery(siteId, erasureId), enabled: open });
  const erasure = detail.data ?? listed;
  const { status, steps, finishedAt } = erasure;
  const done = steps.filter((step) => step.status === "verified").length;
  const going = goesOn(erasure);
  return (
    <li>
      <details
        open={open}
        onToggle={(event) => setOpen(event.currentTarget.open)}
        className="group rounded-m border border-line px-3.5 py-2.5 text-sm"
      >
        <summary className="flex list-none flex-wrap items-center gap-x-3 gap-y-1 [&::-webkit-details-marker]:hidden">
          <StatusBadge status={status} />
          <span className="font-medium">{subjectName(erasure)}</span>
          <span className="text-muted">
            <Ago time={requestedAt} />
          </span>
          <ChevronDown
            size={16}
            aria-hidden="true"
            className="ml-auto text-muted transition-transform group-open:rotate-180"
          />
        </summary>
        <div className="mt-3 flex flex-col gap-3">
          {open && detail.isPending && <SkeletonLines lines={2} />}
          {going && steps.length > 0 && (
            <Progress
              label={t("Being erased …")}
              value={done}
              max={steps.length}
              text={t("{done} of {total} stores", { done, total: steps.length })}
            />
          )}
          <ol aria-label={t("Steps")} className="flex flex-col gap-1.5">
            {steps.map((step) => (
              <Step key={step.store} step={step} />
            ))}
          </ol>
          <p className="text-muted">
            {finishedAt
              ? t("Finished {time}.", { time: moment(finishedAt) })
              : t("To be done by {time} at the latest.", { time: moment(dueAt) })}
          </p>
          {status === "failed" && (
            <p className="text-bad">
              {t("A step failed. It is tried again by itself; the log of the server says why.")}
              {erasure.message && (
                <span className="block" lang="en">
                  {erasure.message}
                </span>
              )}
            </p>
          )}
          {erasure.certificate && (
            <div>
              <ButtonAnchor
                size="sm"
                href={certificatePath(siteId, erasureId)}
                download={`erasure-${erasureId}.json`}
                icon={<Download size={14} aria-hidden="true" />}
              >
                {t("Certificate")}
              </ButtonAnchor>
            </div>
          )}
        </div>
      </details>
    </li>
  );
}

function subjectName({ subject }: Erasure): string {
  if (subject.kind === "user") return t("A person");
  return subject.kind === "replayed" ? t("Somebody a backup brought back") : t("A visitor");
}

function Step({ step }: { step: ErasureStep }) {
  const icon = {
    pending: <Circle size={15} className="text-muted" />,
    erased: <Spinner />,
    verified: <CircleCheck size={15} className="text-good" />,
  }[step.status];
  const removed = t("{n, plural, =0 {nothing there} one {# removed} other {# removed}}", {
    n: step.removed,
  });
  const said = {
    pending: t("waiting"),
    erased: `${removed} · ${t("being checked")}`,
    verified: removed,
  }[step.status];
  return (
    <li className="flex items-center gap-2.5">
      <span aria-hidden="true" className="flex size-4 items-center justify-center">
        {icon}
      </span>
      <span>{word(STORE, step.store)}</span>
      <span className="ml-auto text-muted">{said}</span>
    </li>
  );
}
