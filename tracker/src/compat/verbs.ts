import type { ClewConsent, ClewMethods, ClewProps } from "../../clew";
import type { Install } from "../lib/internals";
import { installStats } from "../stats/module";
import { revenueOf } from "./purchase";

/** The calls that older scripts offered, by the core's own. */
export interface OlderVerbs {
  track(name: string, data?: ClewProps): string | undefined;
  page(data?: ClewProps): string | undefined;
  identify(userId: string, traits?: ClewProps): string | undefined;
  consent(state: string | boolean | ClewConsent): void;
  flush(): void;
  getStats(): CollectorStats;
}

/** The five figures that pages of those scripts know. */
export interface CollectorStats {
  events_queued: number;
  events_sent: number;
  batches_sent: number;
  avg_batch_size: number;
  last_flush: number | null;
}

export function olderVerbs(...given: Parameters<Install>): OlderVerbs {
  const clew = given[0] as unknown as ClewMethods;
  installStats(given[0], given[1], given[2], given[3]);
  return {
    track: (name, data) => clew.track(name, data, revenueOf(name, data)),
    page: (data) => clew.page(data),
    identify: (userId, traits) => clew.identify(userId, traits),
    consent: (state) => {
      const answer = state === true ? "granted" : state === false ? "denied" : state;
      clew.consent(answer as "granted");
    },
    flush: () => clew.flush(),
    getStats: () => {
      const all = clew.getStats();
      return {
        events_queued: all.events_queued,
        events_sent: all.events_sent,
        batches_sent: all.batches_sent,
        avg_batch_size: all.avg_batch_size,
        last_flush: all.last_flush,
      };
    },
  };
}
