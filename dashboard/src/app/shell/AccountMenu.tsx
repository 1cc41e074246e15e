import { useMutation } from "@tanstack/react-query";
import { KeyRound, LogOut, ScrollText, UserRound, Users } from "lucide-react";
import { useLocation } from "wouter";
import { explain } from "../../api/explain";
import { atLeast, signOut, useSession } from "../../api/session";
import { t } from "../../lib/i18n";
import { initials } from "../../lib/initials";
import { Menu, type MenuItem } from "../../ui/Menu";
import { toast } from "../../ui/Toast";

const ICON = { size: 15, "aria-hidden": true } as const;

/** Who is signed in, what is theirs, and the way out. */
export function AccountMenu() {
  const { user, account, role } = useSession();
  const [, navigate] = useLocation();
  const leave = useMutation({
    mutationFn: signOut,
    onSuccess: () => navigate("/login"),
    onError: (error) => toast(explain(error).title, { tone: "bad" }),
  });
  const items: MenuItem[] = [
    { key: "profile", label: t("Your profile"), icon: <UserRound {...ICON} />, href: "/settings" },
  ];
  if (atLeast(role, "admin")) {
    items.push(
      { key: "users", label: t("Users"), icon: <Users {...ICON} />, href: "/settings/users" },
      { key: "keys", label: t("API keys"), icon: <KeyRound {...ICON} />, href: "/settings/keys" },
      {
        key: "audit",
        label: t("Audit log"),
        icon: <ScrollText {...ICON} />,
        href: "/settings/audit",
      },
    );
  }
  return (
    <Menu
      label={t("Account")}
      groups={[
        { key: "account", title: `${account.name} · ${user.email}`, items },
        {
          key: "leave",
          items: [
            {
              key: "leave",
              label: t("Sign out"),
              icon: <LogOut {...ICON} />,
              run: () => leave.mutate(),
            },
          ],
        },
      ]}
      trigger={(trigger) => (
        <button
          type="button"
          className="ml-1 inline-flex size-8 items-center justify-center rounded-full bg-accent-soft text-xs font-semibold text-accent ring-1 ring-accent/20 ring-inset hover:ring-accent/60"
          {...trigger}
        >
          <span aria-hidden="true">{initials(user.name || user.email)}</span>
          <span className="sr-only">
            {t("Account of {name}", { name: user.name || user.email })}
          </span>
        </button>
      )}
    />
  );
}
