import { useQuery } from "@tanstack/react-query";
import { ChevronDown } from "lucide-react";
import { lazy, Suspense, useId, useState } from "react";
import { api } from "../../../api/client";
import { sitePath } from "../../../api/sites";
import type { SiteHealth } from "../../../api/types";
import { cx } from "../../../lib/class";
import { t } from "../../../lib/i18n";
import { Skeleton } from "../../../ui/Skeleton";
import { useOverview } from "../context";
import { rangeParams } from "../reports";
import { verdicts } from "./verdicts";

const HealthDetails = lazy(() => import("./HealthDetails"));

const REFETCH_MS = 30_000;

const DOT = { good: "bg-good", warn: "bg-warn", bad: "bg-bad", neutral: "bg-control" };

/** How far the numbers can be trusted: delay, what was left out and why, consent, recognition. */
export default function HealthStrip() {
  const { site, state, now } = useOverview();
  const [open, setOpen] = useState(false);
  const id = useId();
  const range = rangeParams(state.period, site.timeZone, now);
  const { data, error } = useQuery({
    queryKey: ["health", site.siteId, range],
    queryFn: ({ signal }) => api.get<SiteHealth>(sitePath(site.siteId, "/health"), range, signal),
    refetchInterval: REFETCH_MS,
    placeholderData: (previous, query) =>
      query?.queryKey[1] === site.siteId ? previous : undefined,
  });
  return (
    <section
      aria-label={t("Data health")}
      className="mt-4 rounded-l border border-line bg-card text-sm shadow-s"
    >
      <button
        type="button"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
        className="flex min-h-12 w-full flex-wrap items-center gap-x-6 gap-y-1.5 rounded-l px-4 py-2.5 text-left hover:bg-hover"
      >
        <span className="font-semibold">{t("Data health")}</span>
        {error && !data ? (
          <span className="text-muted">{t("not available right now")}</span>
        ) : data ? (
          verdicts(data).map(({ key, tone, text }) => (
            <span key={key} className="inline-flex items-center gap-2 text-muted">
              <span aria-hidden="true" className={cx("size-2 rounded-full", DOT[tone])} />
              {text}
            </span>
          ))
        ) : (
          <Skeleton className="h-4 w-72" />
        )}
        <ChevronDown
          size={16}
          aria-hidden="true"
          className={cx("ml-auto text-muted transition-transform", open && "rotate-180")}
        />
      </button>
      <div id={id} hidden={!open}>
        {open && data && (
          <Suspense fallback={<Skeleton className="m-4 h-40" />}>
            <HealthDetails health={data} site={site} />
          </Suspense>
        )}
      </div>
    </section>
  );
}
