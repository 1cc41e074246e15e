import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { isApiError } from "../../api/error";
import { fieldError } from "../../api/explain";
import { changePassword, openSessionsQuery } from "../../api/session";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Field } from "../../ui/Field";
import { PasswordInput } from "../../ui/PasswordInput";
import { toast } from "../../ui/Toast";
import { NewPasswordField } from "../access/NewPasswordField";
import { FormProblem } from "../problem/FormProblem";

export function PasswordCard({ email }: { email: string }) {
  const client = useQueryClient();
  const [currentPassword, setCurrent] = useState("");
  const [newPassword, setNew] = useState("");
  const change = useMutation({
    mutationFn: changePassword,
    onSuccess: () => {
      setCurrent("");
      setNew("");
      toast(t("Your password is changed. You are signed out everywhere else."));
      return client.invalidateQueries({ queryKey: openSessionsQuery.queryKey });
    },
  });
  const wrong = isApiError(change.error, "wrong_credentials");
  return (
    <Card title={t("Password")} description={t("A new password signs you out everywhere else.")}>
      <form
        className="flex max-w-md flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate({ currentPassword, newPassword });
        }}
      >
        {!wrong && <FormProblem error={change.error} fields={["newPassword"]} />}
        {/* The password's store learns by it whose password this is. */}
        <input type="email" autoComplete="username" value={email} readOnly hidden />
        <Field
          label={t("Current password")}
          error={wrong ? t("That is not your current password.") : undefined}
        >
          <PasswordInput
            autoComplete="current-password"
            required
            value={currentPassword}
            onChange={(event) => setCurrent(event.target.value)}
          />
        </Field>
        <NewPasswordField
          label={t("New password")}
          value={newPassword}
          onChange={setNew}
          error={fieldError(change.error, "newPassword")}
        />
        <div>
          <Button type="submit" loading={change.isPending}>
            {t("Change the password")}
          </Button>
        </div>
      </form>
    </Card>
  );
}
