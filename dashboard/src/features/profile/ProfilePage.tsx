import { atLeast, useSession } from "../../api/session";
import { t } from "../../lib/i18n";
import { Badge } from "../../ui/Badge";
import { Card } from "../../ui/Card";
import { SettingsFrame } from "../settings/SettingsFrame";
import { roleName } from "../users/roles";
import { AccountCard } from "./AccountCard";
import { PasswordCard } from "./PasswordCard";
import { PreferencesCard } from "./PreferencesCard";
import { SessionsCard } from "./SessionsCard";

/** What belongs to the signed-in person. */
export default function ProfilePage() {
  const { user, role } = useSession();
  return (
    <SettingsFrame page="/settings">
      <Card title={user.name || user.email}>
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-6 gap-y-2">
          <dt className="text-muted">{t("E-mail")}</dt>
          <dd className="truncate">{user.email}</dd>
          <dt className="text-muted">{t("Role")}</dt>
          <dd>{role ? <Badge>{roleName(role)}</Badge> : t("Only on single sites")}</dd>
        </dl>
      </Card>
      <PreferencesCard />
      <PasswordCard email={user.email} />
      <SessionsCard />
      {atLeast(role, "owner") && <AccountCard />}
    </SettingsFrame>
  );
}
