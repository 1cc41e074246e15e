import type { ReactNode } from "react";
import { atLeast, useSession } from "../../api/session";
import { t } from "../../lib/i18n";
import { useTitle } from "../../lib/title";
import { PageHeader } from "../../ui/PageHeader";
import { SideNav } from "../../ui/SideNav";
import { NotAllowed } from "../problem/NotAllowed";

interface Props {
  /** Which of the pages it is, by its address. */
  page: "/settings" | "/settings/users" | "/settings/keys" | "/settings/audit";
  description?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** The frame of the pages about the person and the account. */
export function SettingsFrame({ page, description, actions, children }: Props) {
  const { role, account } = useSession();
  const admin = atLeast(role, "admin");
  const pages = [
    { href: "/settings", label: t("Your profile"), open: true },
    { href: "/settings/users", label: t("Users"), open: admin },
    { href: "/settings/keys", label: t("API keys"), open: admin },
    { href: "/settings/audit", label: t("Audit log"), open: admin },
  ];
  const current = pages.find(({ href }) => href === page);
  const title = current?.label ?? "";
  useTitle(title, account.name);
  if (!current?.open) return <NotAllowed title={title} />;
  return (
    <>
      <PageHeader title={title} description={description} actions={actions} />
      <div className="grid items-start gap-x-10 gap-y-6 lg:grid-cols-[12rem_minmax(0,1fr)]">
        <SideNav label={t("Settings")} items={pages.filter(({ open }) => open)} current={page} />
        <div className="flex max-w-4xl min-w-0 flex-col gap-6">{children}</div>
      </div>
    </>
  );
}
