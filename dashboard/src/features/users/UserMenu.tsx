import { useMutation } from "@tanstack/react-query";
import { Ellipsis, Link2, ShieldCheck, Trash2, UserCheck, UserX } from "lucide-react";
import { useState } from "react";
import { explain } from "../../api/explain";
import { atLeast, useSession } from "../../api/session";
import type { User } from "../../api/types";
import { changeUser, deleteUser, newLink } from "../../api/users";
import { t } from "../../lib/i18n";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { Menu } from "../../ui/Menu";
import { toast } from "../../ui/Toast";
import { AccessDialog } from "./AccessDialog";
import { LinkDialog } from "./LinkDialog";

const ICON = { size: 15, "aria-hidden": true } as const;
const sayError = (error: unknown) => toast(explain(error).text, { tone: "bad" });

/** What can be done to a user. Nobody does it to themselves, and only owners to owners. */
export function UserMenu({ user }: { user: User }) {
  const session = useSession();
  const [dialog, setDialog] = useState<"access" | "delete" | null>(null);
  const link = useMutation({ mutationFn: () => newLink(user.userId), onError: sayError });
  const name = user.name || user.email;
  const activate = useMutation({
    mutationFn: (isActive: boolean) => changeUser(user.userId, { isActive }),
    onSuccess: (_, isActive) =>
      toast(
        isActive
          ? t("{name} may sign in again.", { name })
          : t("{name} is deactivated and signed out.", { name }),
        { action: { label: t("Undo"), run: () => activate.mutate(!isActive) } },
      ),
    onError: sayError,
  });
  const remove = useMutation({
    mutationFn: () => deleteUser(user.userId),
    onSuccess: () => toast(t("{name} is deleted.", { name })),
  });
  const isSelf = session.user.userId === user.userId;
  const mayChange = !isSelf && (user.role !== "owner" || atLeast(session.role, "owner"));
  if (!mayChange) return isSelf ? <span className="text-muted">{t("You")}</span> : null;
  return (
    <>
      <Menu
        label={t("Actions for {name}", { name })}
        groups={[
          {
            key: "change",
            items: [
              {
                key: "access",
                label: t("Change access …"),
                icon: <ShieldCheck {...ICON} />,
                run: () => setDialog("access"),
              },
              {
                key: "link",
                label: user.hasPassword ? t("Link for a new password") : t("New invitation link"),
                icon: <Link2 {...ICON} />,
                run: () => link.mutate(),
              },
            ],
          },
          {
            key: "end",
            items: [
              {
                key: "active",
                label: user.isActive ? t("Deactivate") : t("Activate"),
                icon: user.isActive ? <UserX {...ICON} /> : <UserCheck {...ICON} />,
                run: () => activate.mutate(!user.isActive),
              },
              {
                key: "delete",
                label: t("Delete …"),
                tone: "bad",
                icon: <Trash2 {...ICON} />,
                run: () => setDialog("delete"),
              },
            ],
          },
        ]}
        trigger={(trigger) => (
          <button
            type="button"
            aria-label={t("Actions for {name}", { name })}
            className="inline-flex size-8 items-center justify-center rounded-m text-muted hover:bg-hover hover:text-ink"
            {...trigger}
          >
            <Ellipsis size={18} aria-hidden="true" />
          </button>
        )}
      />
      {dialog === "access" && <AccessDialog user={user} onClose={() => setDialog(null)} />}
      <ConfirmDialog
        open={dialog === "delete"}
        onClose={() => setDialog(null)}
        onConfirm={() => remove.mutate()}
        loading={remove.isPending}
        error={remove.error && explain(remove.error).text}
        title={t("Delete {name}?", { name })}
        description={t("They are signed out at once. What they did stays in the audit log.")}
        confirm={t("Delete the user")}
      />
      {link.data && (
        <LinkDialog
          title={t("A link for {name}", { name })}
          link={link.data}
          onClose={() => link.reset()}
        />
      )}
    </>
  );
}
