import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { User } from "../../api/types";
import { changeUser } from "../../api/users";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { toast } from "../../ui/Toast";
import { FormProblem } from "../problem/FormProblem";
import { type Access, AccessFields, isSomething } from "./AccessFields";

/** Changes what somebody may do. */
export function AccessDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const [access, setAccess] = useState<Access>({
    role: user.role,
    siteRoles: user.siteRoles,
  });
  const save = useMutation({
    mutationFn: () => changeUser(user.userId, access),
    onSuccess: () => {
      onClose();
      toast(t("Saved."));
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("Access of {name}", { name: user.name || user.email })}
      footer={
        <>
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button
            variant="primary"
            loading={save.isPending}
            disabled={!isSomething(access)}
            onClick={() => save.mutate()}
          >
            {t("Save")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-5">
        <FormProblem error={save.error} />
        <AccessFields value={access} onChange={setAccess} />
      </div>
    </Dialog>
  );
}
