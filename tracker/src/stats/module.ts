import type { ClewStats } from "../../clew";

import type { Install } from "../lib/internals";

/** Adds `getStats`: what became of the events of this page. */
export const installStats: Install = (verbs, past, purposes, now) => {
  verbs.getStats = (): ClewStats => {
    const sum = { sent: 0, batches: 0, last: 0, dropped: 0, failed: 0 };
    past.forEach((outcome) => {
      const status = outcome[0];
      const events = outcome[1];
      if (!status) sum.dropped += events;
      else if (status > 399) sum.failed += events;
      else {
        sum.sent += events;
        sum.batches++;
        sum.last = outcome[2];
      }
    });
    return {
      events_queued: now()[0].length,
      events_sent: sum.sent,
      batches_sent: sum.batches,
      avg_batch_size: sum.batches ? sum.sent / sum.batches : 0,
      last_flush: sum.last || null,
      dropped: sum.dropped,
      failed: sum.failed,
      offline_queued: (now()[1].q || []).length,
      consent: purposes,
      version: VERSION,
    };
  };
};
