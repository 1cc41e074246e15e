import { explain } from "../../api/explain";
import type { EventView } from "../../api/types";
import { t } from "../../lib/i18n";
import { ButtonLink } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { ErrorState } from "../../ui/ErrorState";
import { SkeletonLines } from "../../ui/Skeleton";
import { TailRow } from "./TailRow";

interface TailProps {
  events: readonly EventView[];
  zone: string;
  loading: boolean;
  error: Error | null;
  onRetry: () => void;
  narrowed: boolean;
  installAddress: string;
}

export function Tail(props: TailProps) {
  const { events, zone, loading, error, onRetry, narrowed, installAddress } = props;
  return (
    <section
      aria-label={t("Events")}
      className="min-h-96 overflow-hidden rounded-l border border-line bg-card shadow-s"
    >
      {events.length > 0 ? (
        <ol>
          {events.map((event) => (
            <TailRow key={event.eventId} event={event} zone={zone} />
          ))}
        </ol>
      ) : error ? (
        <ErrorState title={t("The events could not be loaded")} onRetry={onRetry}>
          {explain(error).text}
        </ErrorState>
      ) : loading ? (
        <div className="p-4">
          <SkeletonLines lines={10} />
        </div>
      ) : narrowed ? (
        <EmptyState title={t("No event passes")}>
          {t("New events appear here as soon as one does.")}
        </EmptyState>
      ) : (
        <EmptyState
          title={t("Nothing has happened yet")}
          actions={
            <ButtonLink variant="primary" href={installAddress}>
              {t("Install the snippet")}
            </ButtonLink>
          }
        >
          {t("Open one of your pages in another tab: the visit appears here at once.")}
        </EmptyState>
      )}
    </section>
  );
}
