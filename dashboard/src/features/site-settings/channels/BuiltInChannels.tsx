import { useQuery } from "@tanstack/react-query";
import { channelsQuery } from "../../../api/channels";
import { t } from "../../../lib/i18n";
import { Badge } from "../../../ui/Badge";
import { Card } from "../../../ui/Card";
import { SkeletonLines } from "../../../ui/Skeleton";
import { valueLabel } from "../../overview/dimensions";
import { Problem } from "../../problem/Problem";

/** What is asked after the site's own channels. */
export function BuiltInChannels() {
  const channels = useQuery(channelsQuery);
  return (
    <Card
      title={t("Built-in channels")}
      description={t("Asked afterwards, in this order. They are the same on every site.")}
    >
      {channels.isPending && <SkeletonLines lines={3} />}
      {!channels.data && channels.error && (
        <Problem
          compact
          error={channels.error}
          onRetry={() => void channels.refetch()}
          retrying={channels.isFetching}
        />
      )}
      <ol className="flex flex-wrap gap-2" aria-label={t("Built-in channels")}>
        {channels.data?.map(({ name }) => (
          <li key={name}>
            <Badge>{valueLabel("channel", name)}</Badge>
          </li>
        ))}
      </ol>
    </Card>
  );
}
