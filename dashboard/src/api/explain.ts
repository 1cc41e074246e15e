import { t } from "../lib/i18n";
import { ApiError } from "./error";

export interface Explanation {
  title: string;
  /** What it means and what to do next. */
  text: string;
  /** Whether the same question may get another answer later. */
  mayPass: boolean;
}

/** What a failure means to the person in front of it, in words they can act on. */
export function explain(error: unknown): Explanation {
  if (!(error instanceof ApiError)) {
    const text = error instanceof Error ? error.message : String(error);
    return { title: t("Something went wrong in this page"), text, mayPass: true };
  }
  switch (error.code) {
    case "unreachable":
      return {
        title: t("The server does not answer"),
        text: t("Check that Clew is running and that you are connected, then try again."),
        mayPass: true,
      };
    case "unauthorized":
      return {
        title: t("You are signed out"),
        text: t("Sign in again to go on."),
        mayPass: false,
      };
    case "forbidden":
      return {
        title: t("Your role does not allow this"),
        text: t("Ask an owner or an admin of this account to do it or to change your role."),
        mayPass: false,
      };
    case "unknown_site":
      return {
        title: t("This site does not exist, or you may not see it"),
        text: t("Check the address, or ask an admin for access to the site."),
        mayPass: false,
      };
    case "wrong_credentials":
      return {
        title: t("That did not match"),
        text: t("Check the e-mail address and the password and try again."),
        mayPass: false,
      };
    case "invalid_link":
      return {
        title: t("This link no longer works"),
        text: t("It was used, has expired or is incomplete. Ask for a new one."),
        mayPass: false,
      };
    case "rate_limited":
      return {
        title: t("Too many attempts"),
        text: t("Please wait {seconds, plural, one {# second} other {# seconds}} and try again.", {
          seconds: error.retryAfter ?? 60,
        }),
        mayPass: true,
      };
  }
  return {
    title:
      error.status >= 500
        ? t("The server could not answer this")
        : t("The server did not accept this"),
    text: error.message,
    mayPass: error.status >= 500,
  };
}

/** What is wrong with one field of a form, if the server named that field. */
export function fieldError(error: unknown, field: string): string | undefined {
  return error instanceof ApiError && error.field === field ? error.message : undefined;
}
