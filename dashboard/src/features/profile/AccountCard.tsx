import { useMutation } from "@tanstack/react-query";
import { renameAccount } from "../../api/account";
import { fieldError } from "../../api/explain";
import { useSession } from "../../api/session";
import { useDraft } from "../../lib/draft";
import { t } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Field } from "../../ui/Field";
import { Input } from "../../ui/Input";
import { toast } from "../../ui/Toast";
import { FormProblem } from "../problem/FormProblem";

/** What the owner may say about the account itself. */
export function AccountCard() {
  const { account, version } = useSession();
  const [name, setName] = useDraft(account.name);
  const save = useMutation({
    mutationFn: renameAccount,
    onSuccess: () => toast(t("Saved.")),
  });
  return (
    <Card
      title={t("Account")}
      description={t("Everybody in it sees its name. Clew {version}", { version })}
    >
      <form
        className="flex max-w-md flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(name.trim());
        }}
      >
        <FormProblem error={save.error} fields={["name"]} />
        <Field label={t("Account name")} error={fieldError(save.error, "name")}>
          <Input required value={name} onChange={(event) => setName(event.target.value)} />
        </Field>
        <div>
          <Button type="submit" disabled={name === account.name} loading={save.isPending}>
            {t("Rename")}
          </Button>
        </div>
      </form>
    </Card>
  );
}
