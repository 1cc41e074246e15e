import { useMutation, useQuery } from "@tanstack/react-query";
import { explain } from "../../api/explain";
import { endOtherSessions, endSession, openSessionsQuery } from "../../api/session";
import type { OpenSession } from "../../api/types";
import { t } from "../../lib/i18n";
import { deviceName } from "../../lib/user-agent";
import { Ago } from "../../ui/Ago";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { SkeletonLines } from "../../ui/Skeleton";
import { toast } from "../../ui/Toast";
import { Problem } from "../problem/Problem";

const sayError = (error: unknown) => toast(explain(error).title, { tone: "bad" });

/** Where the person is signed in. */
export function SessionsCard() {
  const sessions = useQuery(openSessionsQuery);
  const others = useMutation({
    mutationFn: endOtherSessions,
    onSuccess: () => toast(t("You are signed out everywhere else.")),
    onError: sayError,
  });
  const more = (sessions.data?.length ?? 0) > 1;
  return (
    <Card
      title={t("Where you are signed in")}
      actions={
        more && (
          <Button size="sm" loading={others.isPending} onClick={() => others.mutate()}>
            {t("Sign out everywhere else")}
          </Button>
        )
      }
    >
      {sessions.isPending && <SkeletonLines />}
      {!sessions.data && sessions.error && (
        <Problem
          compact
          error={sessions.error}
          onRetry={sessions.refetch}
          retrying={sessions.isFetching}
        />
      )}
      <ul className="divide-y divide-line">
        {sessions.data?.map((session) => (
          <SessionRow key={session.sessionId} session={session} />
        ))}
      </ul>
    </Card>
  );
}

function SessionRow({ session }: { session: OpenSession }) {
  const end = useMutation({ mutationFn: endSession, onError: sayError });
  const name = deviceName(session.userAgent) ?? t("Unknown device");
  return (
    <li className="flex items-center gap-4 py-3 first:pt-0 last:pb-0">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2 font-medium" title={session.userAgent}>
          {name}
          {session.current && <Badge tone="good">{t("This one")}</Badge>}
        </p>
        <p className="text-sm text-muted">
          {t("Last used")} <Ago time={session.lastSeenAt} /> · {t("signed in")}{" "}
          <Ago time={session.createdAt} />
        </p>
      </div>
      {!session.current && (
        <Button
          size="sm"
          variant="ghost"
          aria-label={t("Sign out: {name}", { name })}
          loading={end.isPending}
          onClick={() => end.mutate(session.sessionId)}
        >
          {t("Sign out")}
        </Button>
      )}
    </li>
  );
}
