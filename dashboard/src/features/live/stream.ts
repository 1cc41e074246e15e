/**
 * What happens on a site right now, over server-sent events.
 *
 * One connection for all of the page's parts; none while nobody looks at the tab, because browsers
 * allow only six to a server. A server that refuses is asked again after a while.
 */
import { sitePath } from "../../api/sites";
import type { EventView } from "../../api/types";

export type StreamState = "connecting" | "open" | "lost";

export interface Snapshot {
  state: StreamState;
  /** Visitors of the last five minutes; null until the server has said it. */
  visitors: number | null;
  /** Newest first. */
  events: readonly EventView[];
  /** Events that the server could not deliver in time. */
  missed: number;
}

export type StreamListener = () => void;

const KEPT = 500;
const RETRY_MS = 5_000;
const NOTHING: Snapshot = { state: "connecting", visitors: null, events: [], missed: 0 };

export class LiveStream {
  private source: EventSource | null = null;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private readonly changed = new Set<StreamListener>();
  private readonly arrived = new Set<(event: EventView) => void>();
  private snapshot: Snapshot = NOTHING;

  constructor(
    private readonly url: string,
    private readonly page: Document = document,
  ) {}

  readonly read = (): Snapshot => this.snapshot;

  readonly subscribe = (listener: StreamListener): (() => void) => {
    this.changed.add(listener);
    this.begin();
    return () => {
      this.changed.delete(listener);
      this.endIfUnused();
    };
  };

  /** Tells of every event; does not keep the connection open by itself. */
  onEvent(listener: (event: EventView) => void): () => void {
    this.arrived.add(listener);
    return () => this.arrived.delete(listener);
  }

  private begin(): void {
    if (this.changed.size > 1) return;
    this.page.addEventListener("visibilitychange", this.follow);
    this.follow();
  }

  private endIfUnused(): void {
    if (this.changed.size > 0) return;
    this.page.removeEventListener("visibilitychange", this.follow);
    this.close();
  }

  private readonly follow = (): void => {
    if (this.page.hidden) this.close();
    else if (!this.source) this.open();
  };

  private open(): void {
    clearTimeout(this.retry);
    const source = new EventSource(this.url);
    this.source = source;
    source.onopen = () => this.tell({ state: "open" });
    source.onerror = () => {
      this.tell({ state: "lost" });
      // The browser tries again by itself unless the server refused.
      if (source.readyState !== EventSource.CLOSED) return;
      this.close();
      this.retry = setTimeout(this.follow, RETRY_MS);
    };
    source.addEventListener("event", (message) => {
      const event = parsed<EventView>(message);
      if (!event) return;
      this.tell({ events: [event, ...this.snapshot.events].slice(0, KEPT) });
      for (const listener of this.arrived) listener(event);
    });
    source.addEventListener("presence", (message) => {
      const presence = parsed<{ visitors: number }>(message);
      if (presence) this.tell({ state: "open", visitors: presence.visitors });
    });
    source.addEventListener("gap", (message) => {
      const gap = parsed<{ missed: number }>(message);
      if (gap) this.tell({ missed: this.snapshot.missed + gap.missed });
    });
  }

  private close(): void {
    clearTimeout(this.retry);
    this.source?.close();
    this.source = null;
  }

  private tell(change: Partial<Snapshot>): void {
    this.snapshot = { ...this.snapshot, ...change };
    for (const listener of this.changed) listener();
  }
}

/** Null for what is no JSON: a broken message must not end the stream. */
function parsed<T>(message: MessageEvent): T | null {
  try {
    return JSON.parse(String(message.data)) as T;
  } catch {
    return null;
  }
}

const streams = new Map<string, LiveStream>();

export function streamOf(siteId: string): LiveStream {
  let stream = streams.get(siteId);
  if (!stream) {
    stream = new LiveStream(sitePath(siteId, "/live"));
    streams.set(siteId, stream);
  }
  return stream;
}
