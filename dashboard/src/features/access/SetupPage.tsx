import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { fieldError } from "../../api/explain";
import { setUp, setupQuery } from "../../api/session";
import { t } from "../../lib/i18n";
import { Banner } from "../../ui/Banner";
import { Button, ButtonLink } from "../../ui/Button";
import { CodeBlock } from "../../ui/CodeBlock";
import { Field } from "../../ui/Field";
import { Input } from "../../ui/Input";
import { FormProblem } from "../problem/FormProblem";
import { Problem } from "../problem/Problem";
import { AccessFrame } from "./AccessFrame";
import { NewPasswordField } from "./NewPasswordField";
import { useToken } from "./token";

/** The first owner, once, with the link that the server printed when it first started. */
export default function SetupPage() {
  const token = useToken();
  const setup = useQuery(setupQuery);
  if (setup.error) {
    return (
      <AccessFrame title={t("Set up Clew")}>
        <Problem error={setup.error} onRetry={setup.refetch} retrying={setup.isFetching} />
      </AccessFrame>
    );
  }
  if (setup.data && !setup.data.needed) {
    return (
      <AccessFrame title={t("Clew is set up")} description={t("It has an owner already.")}>
        <ButtonLink href="/login" variant="primary">
          {t("Sign in")}
        </ButtonLink>
      </AccessFrame>
    );
  }
  if (!token) {
    return (
      <AccessFrame
        title={t("Set up Clew")}
        description={t(
          "Open the set-up link that the server printed when it started. It looks like this:",
        )}
      >
        <CodeBlock label={t("In the server’s log")} code={`${location.origin}/app/setup#…`} />
      </AccessFrame>
    );
  }
  return <SetupForm key={token} token={token} />;
}

const FIELDS = ["name", "email", "password", "accountName"];

function SetupForm({ token }: { token: string }) {
  const [, navigate] = useLocation();
  const [body, setBody] = useState({ name: "", email: "", password: "", accountName: "" });
  const set = (change: Partial<typeof body>) => setBody((was) => ({ ...was, ...change }));
  const create = useMutation({
    mutationFn: setUp,
    onSuccess: () => navigate("/", { replace: true }),
  });
  return (
    <AccessFrame
      title={t("Welcome to Clew")}
      description={t("You become the owner: you add sites and invite others.")}
    >
      <form
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate({
            token,
            name: body.name.trim(),
            email: body.email.trim(),
            password: body.password,
            accountName: body.accountName.trim() || undefined,
          });
        }}
      >
        {location.protocol === "http:" && !/^(localhost|127\.|\[::1\])/.test(location.host) && (
          <Banner tone="warn" title={t("This connection is not encrypted")}>
            {t("The password you choose can be read on the way.")}
          </Banner>
        )}
        <FormProblem error={create.error} fields={FIELDS} />
        <Field label={t("Your name")} error={fieldError(create.error, "name")}>
          <Input
            name="name"
            autoComplete="name"
            required
            autoFocus
            value={body.name}
            onChange={(event) => set({ name: event.target.value })}
          />
        </Field>
        <Field label={t("E-mail")} error={fieldError(create.error, "email")}>
          <Input
            type="email"
            name="email"
            autoComplete="username"
            required
            value={body.email}
            onChange={(event) => set({ email: event.target.value })}
          />
        </Field>
        <NewPasswordField
          value={body.password}
          onChange={(password) => set({ password })}
          error={fieldError(create.error, "password")}
        />
        <Field
          label={t("Account name")}
          optional={t("optional")}
          hint={t("Your company or team; the people you invite see it.")}
          error={fieldError(create.error, "accountName")}
        >
          <Input
            name="organization"
            autoComplete="organization"
            value={body.accountName}
            onChange={(event) => set({ accountName: event.target.value })}
          />
        </Field>
        <Button type="submit" variant="primary" loading={create.isPending}>
          {t("Create the account")}
        </Button>
      </form>
    </AccessFrame>
  );
}
