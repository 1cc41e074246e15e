import { useQuery } from "@tanstack/react-query";
import { UserPlus } from "lucide-react";
import { useState } from "react";
import { atLeast, useSession } from "../../api/session";
import { sitesQuery } from "../../api/sites";
import type { Site, User } from "../../api/types";
import { usersQuery } from "../../api/users";
import { t } from "../../lib/i18n";
import { Ago } from "../../ui/Ago";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { SkeletonLines } from "../../ui/Skeleton";
import { type Column, Table } from "../../ui/Table";
import { Problem } from "../problem/Problem";
import { SettingsFrame } from "../settings/SettingsFrame";
import { InviteDialog } from "./InviteDialog";
import { roleName } from "./roles";
import { UserMenu } from "./UserMenu";

/** Who may see what. */
export default function UsersPage() {
  const { role } = useSession();
  const mayLook = atLeast(role, "admin");
  const users = useQuery({ ...usersQuery, enabled: mayLook });
  const sites = useQuery(sitesQuery).data ?? [];
  const [inviting, setInviting] = useState(false);
  return (
    <SettingsFrame
      page="/settings/users"
      description={t("Who may see and change what.")}
      actions={
        <Button variant="primary" icon={<UserPlus size={17} />} onClick={() => setInviting(true)}>
          {t("Invite")}
        </Button>
      }
    >
      <Card>
        {users.isPending && <SkeletonLines />}
        {!users.data && users.error && (
          <Problem error={users.error} onRetry={users.refetch} retrying={users.isFetching} />
        )}
        {users.data && (
          <Table
            caption={t("Users")}
            columns={columns(sites)}
            rows={users.data}
            rowKey={(user) => user.userId}
          />
        )}
      </Card>
      {inviting && <InviteDialog onClose={() => setInviting(false)} />}
    </SettingsFrame>
  );
}

function columns(sites: Site[]): Column<User>[] {
  return [
    {
      key: "name",
      head: t("Name"),
      isName: true,
      cell: (user) => (
        <span className="block min-w-40">
          <span className="flex flex-wrap items-center gap-2 font-medium">
            {user.name || user.email}
            {!user.isActive && <Badge tone="warn">{t("Deactivated")}</Badge>}
            {user.isActive && !user.hasPassword && <Badge>{t("Invited")}</Badge>}
          </span>
          {user.name && <span className="block text-muted">{user.email}</span>}
        </span>
      ),
    },
    { key: "role", head: t("Access"), cell: (user) => <AccessText user={user} sites={sites} /> },
    {
      key: "seen",
      head: t("Last seen"),
      className: "whitespace-nowrap",
      cell: (user) => (user.lastSeenAt ? <Ago time={user.lastSeenAt} /> : t("never")),
    },
    {
      key: "menu",
      head: <span className="sr-only">{t("Actions")}</span>,
      align: "end",
      cell: (user) => <UserMenu user={user} />,
    },
  ];
}

function AccessText({ user, sites }: { user: User; sites: Site[] }) {
  if (user.role)
    return <Badge tone={user.role === "owner" ? "accent" : "neutral"}>{roleName(user.role)}</Badge>;
  const named = user.siteRoles.map(({ siteId, role }) => {
    const site = sites.find((one) => one.siteId === siteId);
    return t("{role} on {site}", { role: roleName(role), site: site?.name ?? siteId });
  });
  return <span className="text-muted">{named.join(", ") || t("none")}</span>;
}
