import { ListFilterPlus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { t } from "../../../lib/i18n";
import { add } from "../../../lib/state/filter";
import { Button } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";
import { SkeletonLines } from "../../../ui/Skeleton";
import { useOverview } from "../context";

const ConditionForm = lazy(() => import("./ConditionForm"));

export function AddFilterButton() {
  const { state, change } = useOverview();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        size="sm"
        className="h-9"
        data-shortcut="add-filter"
        aria-haspopup="dialog"
        icon={<ListFilterPlus size={15} aria-hidden="true" />}
        onClick={() => setOpen(true)}
      >
        {t("Filter")}
      </Button>
      <Dialog open={open} onClose={() => setOpen(false)} title={t("Add a filter")}>
        <Suspense fallback={<SkeletonLines lines={5} />}>
          <ConditionForm
            condition={{ op: "is", dimension: "page", values: [] }}
            submit={t("Add filter")}
            onSubmit={(condition) => {
              setOpen(false);
              change({ filter: add(state.filter, condition) });
            }}
          />
        </Suspense>
      </Dialog>
    </>
  );
}
