import { useMutation, useQuery } from "@tanstack/react-query";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { explain } from "../../api/explain";
import { keysQuery, revokeKey } from "../../api/keys";
import { atLeast, useSession } from "../../api/session";
import { sitesQuery } from "../../api/sites";
import type { Key, Site } from "../../api/types";
import { moment } from "../../lib/ago";
import { t } from "../../lib/i18n";
import { Ago } from "../../ui/Ago";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { EmptyState } from "../../ui/EmptyState";
import { SkeletonLines } from "../../ui/Skeleton";
import { type Column, Table } from "../../ui/Table";
import { toast } from "../../ui/Toast";
import { Problem } from "../problem/Problem";
import { SettingsFrame } from "../settings/SettingsFrame";
import { roleName } from "../users/roles";
import { NewKeyDialog } from "./NewKeyDialog";
import { pageName } from "./pages";
import { scopeName } from "./scopes";

/** Secret keys for programs. */
export default function KeysPage() {
  const mayLook = atLeast(useSession().role, "admin");
  const keys = useQuery({ ...keysQuery, enabled: mayLook });
  const sites = useQuery(sitesQuery).data ?? [];
  const [creating, setCreating] = useState(false);
  const create = (
    <Button variant="primary" icon={<Plus size={17} />} onClick={() => setCreating(true)}>
      {t("New key")}
    </Button>
  );
  const none = keys.data?.length === 0;
  return (
    <SettingsFrame
      page="/settings/keys"
      description={t("Programs sign in with a secret key instead of a password.")}
      actions={none ? undefined : create}
    >
      <Card>
        {keys.isPending && <SkeletonLines />}
        {!keys.data && keys.error && (
          <Problem error={keys.error} onRetry={keys.refetch} retrying={keys.isFetching} />
        )}
        {none && (
          <EmptyState title={t("No key yet")} actions={create}>
            {t(
              "Make one for a server that sends events, a script that exports reports, or a tool that manages sites. A key with the role Marketing opens only the pages that you choose: for an agency or a wallboard.",
            )}
          </EmptyState>
        )}
        {keys.data && !none && (
          <Table
            caption={t("API keys")}
            columns={columns(sites)}
            rows={keys.data}
            rowKey={(key) => key.keyId}
          />
        )}
      </Card>
      {creating && <NewKeyDialog onClose={() => setCreating(false)} />}
    </SettingsFrame>
  );
}

function columns(sites: Site[]): Column<Key>[] {
  const nameOf = (id: string) => sites.find(({ siteId }) => siteId === id)?.name ?? id;
  return [
    {
      key: "name",
      head: t("Name"),
      isName: true,
      cell: (key) => (
        <span className="block min-w-36">
          <span className="flex flex-wrap items-center gap-2 font-medium">
            {key.name}
            <KeyState of={key} />
          </span>
          <code className="font-mono text-xs text-muted">{key.prefix}…</code>
        </span>
      ),
    },
    {
      key: "may",
      head: t("May"),
      cell: (key) => (
        <span className="block min-w-32">
          {roleName(key.role)}
          <span className="block text-muted">{reach(key)}</span>
        </span>
      ),
    },
    {
      key: "sites",
      head: t("Sites"),
      cell: (key) => key.siteIds?.map(nameOf).join(", ") ?? t("All"),
    },
    {
      key: "used",
      head: t("Last used"),
      className: "whitespace-nowrap",
      cell: (key) => (key.lastUsedAt ? <Ago time={key.lastUsedAt} /> : t("never")),
    },
    {
      key: "revoke",
      head: <span className="sr-only">{t("Actions")}</span>,
      align: "end",
      cell: (key) => <Revoke of={key} />,
    },
  ];
}

/** What it may be used for, or what it sees where it is limited to pages. */
function reach({ scopes, visiblePages }: Key): string {
  return visiblePages
    ? t("sees {pages}", { pages: visiblePages.map(pageName).join(", ") })
    : scopes.map(scopeName).join(", ");
}

function KeyState({ of: key }: { of: Key }) {
  if (key.revokedAt) return <Badge tone="bad">{t("Revoked")}</Badge>;
  if (!key.expiresAt) return null;
  if (Date.parse(key.expiresAt) < Date.now()) return <Badge tone="warn">{t("Expired")}</Badge>;
  return <Badge>{t("until {time}", { time: moment(key.expiresAt) })}</Badge>;
}

function Revoke({ of: key }: { of: Key }) {
  const [asking, setAsking] = useState(false);
  const revoke = useMutation({
    mutationFn: () => revokeKey(key.keyId),
    onSuccess: () => {
      setAsking(false);
      toast(t("{name} is revoked.", { name: key.name }));
    },
  });
  if (key.revokedAt) return null;
  return (
    <>
      <Button
        size="sm"
        variant="ghost"
        icon={<KeyRound size={15} />}
        aria-label={t("Revoke {name}", { name: key.name })}
        onClick={() => setAsking(true)}
      >
        {t("Revoke")}
      </Button>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        onConfirm={() => revoke.mutate()}
        loading={revoke.isPending}
        error={revoke.error && explain(revoke.error).text}
        title={t("Revoke {name}?", { name: key.name })}
        description={t(
          "Programs that use this key are refused from now on. This cannot be undone.",
        )}
        confirm={t("Revoke the key")}
      />
    </>
  );
}
