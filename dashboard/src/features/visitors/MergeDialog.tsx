import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { explain, fieldError } from "../../api/explain";
import type { Site } from "../../api/types";
import { merge, unmerge } from "../../api/visitors";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { toast } from "../../ui/Toast";
import { SubjectFields } from "../privacy/rights/SubjectFields";
import type { SubjectDraft } from "../privacy/rights/subject";
import { FormProblem } from "../problem/FormProblem";

interface Props {
  site: Site;
  visitorId: string;
  onClose: () => void;
}

/** Asks to whom a browser belongs. Nothing is lost by it: it can be separated again. */
export function MergeDialog({ site, visitorId, onClose }: Props) {
  const form = useId();
  const [draft, setDraft] = useState<SubjectDraft>({ kind: "visitorId", id: "" });
  const id = draft.id.trim();
  const save = useMutation({
    mutationFn: () =>
      merge(
        site.siteId,
        visitorId,
        draft.kind === "visitorId" ? { withVisitorId: id } : { userId: id },
      ),
    onSuccess: () => {
      onClose();
      const undo = () =>
        unmerge(site.siteId, visitorId).then(
          () => toast(t("Undone.")),
          (error) => toast(explain(error).text, { tone: "bad" }),
        );
      toast(t("Both are one person now."), { action: { label: t("Undo"), run: undo } });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const fields = ["withVisitorId", "userId"];
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("Merge with another browser or person")}
      description={t(
        "From then on both count as one person here. The numbers of reports stay; you can separate them again at any time.",
      )}
      footer={
        <>
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button type="submit" form={form} variant="primary" loading={save.isPending}>
            {t("Merge")}
          </Button>
        </>
      }
    >
      <form id={form} className="flex flex-col gap-5" onSubmit={submit}>
        <FormProblem error={save.error} fields={fields} />
        <SubjectFields
          value={draft}
          onChange={setDraft}
          error={fields.map((field) => fieldError(save.error, field)).find(Boolean)}
        />
      </form>
    </Dialog>
  );
}
