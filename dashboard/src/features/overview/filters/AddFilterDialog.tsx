import { t } from "../../../lib/i18n";
import { add } from "../../../lib/state/filter";
import { Dialog } from "../../../ui/Dialog";
import { useOverview } from "../context";
import ConditionForm from "./ConditionForm";

export default function AddFilterDialog({ onClose }: { onClose: () => void }) {
  const { state, change } = useOverview();
  return (
    <Dialog open onClose={onClose} title={t("Add a filter")}>
      <ConditionForm
        condition={{ op: "is", dimension: "page", values: [] }}
        submit={t("Add filter")}
        onSubmit={(condition) => {
          onClose();
          change({ filter: add(state.filter, condition) });
        }}
      />
    </Dialog>
  );
}
