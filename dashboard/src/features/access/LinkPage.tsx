import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { fieldError } from "../../api/explain";
import { linkQuery, redeemLink } from "../../api/session";
import type { InspectedLink } from "../../api/types";
import { t } from "../../lib/i18n";
import { Button, ButtonLink } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Input } from "../../ui/Input";
import { SkeletonLines } from "../../ui/Skeleton";
import { FormProblem } from "../problem/FormProblem";
import { Problem } from "../problem/Problem";
import { AccessFrame } from "./AccessFrame";
import { NewPasswordField } from "./NewPasswordField";
import { useToken } from "./token";

/** A one-time link: an invitation, or a new password. */
export default function LinkPage() {
  const token = useToken();
  const link = useQuery(linkQuery(token));
  if (link.data) return <LinkForm key={token} token={token} link={link.data} />;
  if (link.error || !token) {
    return (
      <AccessFrame title={t("Your link")}>
        {link.error ? (
          <Problem error={link.error} onRetry={link.refetch} retrying={link.isFetching} />
        ) : (
          <p className="mb-6 text-muted">
            {t("The address is incomplete. Open the whole link that you were given.")}
          </p>
        )}
        <ButtonLink href="/login">{t("To the sign-in")}</ButtonLink>
      </AccessFrame>
    );
  }
  return (
    <AccessFrame title={t("Your link")}>
      <SkeletonLines />
    </AccessFrame>
  );
}

function LinkForm({ token, link }: { token: string; link: InspectedLink }) {
  const [, navigate] = useLocation();
  const [name, setName] = useState(link.name);
  const [password, setPassword] = useState("");
  const redeem = useMutation({
    mutationFn: redeemLink,
    onSuccess: () => navigate("/", { replace: true }),
  });
  const invited = link.kind === "invite";
  return (
    <AccessFrame
      title={invited ? t("Welcome to Clew") : t("Choose a new password")}
      description={
        invited
          ? t("You were invited as {email}. Choose a password and you are in.", {
              email: link.email,
            })
          : t("For {email}. Your other sessions end.", { email: link.email })
      }
    >
      <form
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          redeem.mutate({ token, password, name: invited ? name.trim() : undefined });
        }}
      >
        <FormProblem error={redeem.error} fields={["name", "password"]} />
        {/* The password's store learns by it whose password this is. */}
        <input type="email" autoComplete="username" value={link.email} readOnly hidden />
        {invited && (
          <Field label={t("Your name")} error={fieldError(redeem.error, "name")}>
            <Input
              name="name"
              autoComplete="name"
              required
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          </Field>
        )}
        <NewPasswordField
          value={password}
          onChange={setPassword}
          label={invited ? undefined : t("New password")}
          error={fieldError(redeem.error, "password")}
        />
        <Button type="submit" variant="primary" loading={redeem.isPending}>
          {invited ? t("Join") : t("Set the password")}
        </Button>
      </form>
    </AccessFrame>
  );
}
