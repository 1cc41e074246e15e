import { CircleHelp } from "lucide-react";
import { lazy, Suspense } from "react";
import type { ReportMeta } from "../../../api/reports";
import { t } from "../../../lib/i18n";
import type { Dimension, Metric } from "../../../lib/state/dimension";
import { IconButton } from "../../../ui/IconButton";
import { Popover } from "../../../ui/Popover";
import { SkeletonLines } from "../../../ui/Skeleton";
import type { Question } from "../reports";

export type Subject =
  | { kind: "metric"; metric: Metric }
  | { kind: "breakdown"; dimension: Dimension }
  /** A report that says itself what it is. */
  | { kind: "report"; title: string; definition: string };

interface ExplainButtonProps {
  subject: Subject;
  question: Question;
  meta: ReportMeta | undefined;
}

const Explain = lazy(() => import("./Explain"));

/** Where a number comes from, how to ask for it, and what it leaves out. */
export function ExplainButton(props: ExplainButtonProps) {
  return (
    <Popover
      label={t("Explain")}
      align="end"
      className="w-md max-w-[calc(100vw-1rem)] p-4"
      trigger={(trigger) => (
        <IconButton size="sm" label={t("Explain")} icon={<CircleHelp size={15} />} {...trigger} />
      )}
    >
      {() => (
        <Suspense fallback={<SkeletonLines lines={6} />}>
          <Explain {...props} />
        </Suspense>
      )}
    </Popover>
  );
}
