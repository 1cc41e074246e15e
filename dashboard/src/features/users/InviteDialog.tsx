import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { fieldError } from "../../api/explain";
import { inviteUser } from "../../api/users";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { Input } from "../../ui/Input";
import { FormProblem } from "../problem/FormProblem";
import { type Access, AccessFields, isSomething } from "./AccessFields";
import { LinkDialog } from "./LinkDialog";

const FORM = "invite";

/** Invites somebody. The link is shown once; Clew sends no mail. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [access, setAccess] = useState<Access>({ role: "viewer", siteRoles: [] });
  const invite = useMutation({ mutationFn: inviteUser });
  if (invite.data) {
    return (
      <LinkDialog
        title={t("{email} is invited", { email: invite.data.user.email })}
        link={invite.data.link}
        onClose={onClose}
      />
    );
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("Invite somebody")}
      footer={
        <>
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button
            type="submit"
            form={FORM}
            variant="primary"
            loading={invite.isPending}
            disabled={!isSomething(access)}
          >
            {t("Make the link")}
          </Button>
        </>
      }
    >
      <form
        id={FORM}
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          invite.mutate({ email: email.trim(), name: name.trim() || undefined, ...access });
        }}
      >
        <FormProblem error={invite.error} fields={["email", "name"]} />
        <Field label={t("E-mail")} error={fieldError(invite.error, "email")}>
          <Input
            type="email"
            required
            data-autofocus
            autoComplete="off"
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        </Field>
        <Field label={t("Name")} optional={t("optional")} error={fieldError(invite.error, "name")}>
          <Input
            autoComplete="off"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        <AccessFields value={access} onChange={setAccess} />
      </form>
    </Dialog>
  );
}
