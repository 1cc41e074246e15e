import { useQuery } from "@tanstack/react-query";
import { Pause, Play } from "lucide-react";
import { useDeferredValue, useMemo, useState } from "react";
import { newestEventsQuery } from "../../api/events";
import { useSite } from "../../api/sites";
import type { EventView } from "../../api/types";
import { siteAddress } from "../../lib/address";
import { formatNumber } from "../../lib/format/number";
import { t } from "../../lib/i18n";
import { useTitle } from "../../lib/title";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { Input } from "../../ui/Input";
import { PageHeader } from "../../ui/PageHeader";
import { Select } from "../../ui/Select";
import { valueLabel } from "../overview/dimensions";
import { LiveCount } from "./LiveCount";
import { StreamBadge } from "./StreamBadge";
import { Tail } from "./Tail";
import { type Crowd, merged, passing, typesOf } from "./tail-filter";
import { useLive } from "./useLive";

const EARLIER = 50;

/** Every event as it arrives: paused, narrowed, with and without bots. */
export default function LivePage({ siteId }: { siteId: string }) {
  const site = useSite(siteId);
  useTitle(t("Live events"), site.name);
  const live = useLive(siteId);
  const earlier = useQuery(newestEventsQuery(siteId, EARLIER));
  const [held, setHeld] = useState<readonly EventView[] | null>(null);
  const [text, setText] = useState("");
  const [type, setType] = useState("");
  const [crowd, setCrowd] = useState<Crowd>("all");
  const wanted = useDeferredValue(text);

  const all = useMemo(() => merged(live.events, earlier.data ?? []), [live.events, earlier.data]);
  const source = held ?? all;
  const shown = useMemo(
    () => passing(source, { text: wanted, type, crowd }),
    [source, wanted, type, crowd],
  );
  const waiting = held ? all.length - held.length : 0;
  const narrowed = text !== "" || type !== "" || crowd !== "all";

  return (
    <>
      <PageHeader
        title={t("Live events")}
        description={site.name}
        actions={<LiveCount site={site} />}
      />
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <Button
          size="sm"
          className="h-10 min-w-28"
          aria-pressed={held !== null}
          icon={
            held ? <Play size={14} aria-hidden="true" /> : <Pause size={14} aria-hidden="true" />
          }
          onClick={() => setHeld(held ? null : all)}
        >
          {held ? t("Go on") : t("Pause")}
        </Button>
        <div className="min-w-40 flex-1 basis-48">
          <Input
            type="search"
            aria-label={t("Only events with this text")}
            placeholder={t("Page, source, name …")}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
        <Select
          className="min-w-36"
          aria-label={t("Type")}
          value={type}
          onChange={setType}
          options={[
            { value: "", label: t("All types") },
            ...typesOf(all).map((value) => ({ value, label: valueLabel("event", value) })),
          ]}
        />
        <Select<Crowd>
          className="min-w-36"
          aria-label={t("People and bots")}
          value={crowd}
          onChange={setCrowd}
          options={[
            { value: "all", label: t("People and bots") },
            { value: "people", label: t("People only") },
            { value: "bots", label: t("Bots only") },
          ]}
        />
        <span className="ml-auto flex items-center gap-3 text-sm text-muted">
          {waiting > 0 && (
            <span role="status">
              {t("{n, plural, one {# new event} other {# new events}}", { n: waiting })}
            </span>
          )}
          <StreamBadge state={live.state} paused={held !== null} />
        </span>
      </div>
      {live.missed > 0 && (
        <Banner tone="warn" className="mb-3">
          {t("{n} events came too fast to be shown here. They are counted all the same.", {
            n: formatNumber(live.missed),
          })}
        </Banner>
      )}
      <Tail
        events={shown}
        zone={site.timeZone}
        loading={earlier.isPending}
        error={earlier.error}
        onRetry={() => void earlier.refetch()}
        narrowed={narrowed}
        installAddress={siteAddress(site, "/install")}
      />
    </>
  );
}
