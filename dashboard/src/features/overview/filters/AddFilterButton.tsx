import { ListFilterPlus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { t } from "../../../lib/i18n";
import { Button } from "../../../ui/Button";

const AddFilterDialog = lazy(() => import("./AddFilterDialog"));

export function AddFilterButton() {
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
      <Suspense>{open && <AddFilterDialog onClose={() => setOpen(false)} />}</Suspense>
    </>
  );
}
