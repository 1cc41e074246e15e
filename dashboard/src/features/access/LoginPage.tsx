import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Redirect, useLocation, useSearch } from "wouter";
import { setupQuery, signIn } from "../../api/session";
import { nextAddress } from "../../lib/address";
import { t } from "../../lib/i18n";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Input } from "../../ui/Input";
import { PasswordInput } from "../../ui/PasswordInput";
import { FormProblem } from "../problem/FormProblem";
import { AccessFrame } from "./AccessFrame";

export default function LoginPage() {
  const [, navigate] = useLocation();
  const search = useSearch();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const setup = useQuery(setupQuery);
  const enter = useMutation({
    mutationFn: signIn,
    onSuccess: () => navigate(nextAddress(search), { replace: true }),
  });
  if (setup.data?.needed) return <Redirect to="/setup" replace />;
  return (
    <AccessFrame title={t("Sign in")}>
      <form
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          enter.mutate({ email: email.trim(), password });
        }}
      >
        {new URLSearchParams(search).has("next") && !enter.error && (
          <Banner>{t("Please sign in to see that page.")}</Banner>
        )}
        <FormProblem error={enter.error} />
        <Field label={t("E-mail")}>
          <Input
            type="email"
            name="email"
            autoComplete="username"
            required
            autoFocus
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        </Field>
        <Field label={t("Password")}>
          <PasswordInput
            name="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </Field>
        <Button type="submit" variant="primary" loading={enter.isPending}>
          {t("Sign in")}
        </Button>
        <p className="text-sm text-muted">
          {t(
            "Forgot your password? An owner or admin of your account can make a new link for you.",
          )}
        </p>
      </form>
    </AccessFrame>
  );
}
