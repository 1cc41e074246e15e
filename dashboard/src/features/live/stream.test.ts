import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LiveStream } from "./stream";

class FakeSource extends EventTarget {
  static readonly CLOSED = 2;
  static opened: FakeSource[] = [];
  readyState = 1;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  constructor(readonly url: string) {
    super();
    FakeSource.opened.push(this);
  }
  close() {
    this.readyState = FakeSource.CLOSED;
  }
  send(kind: string, data: unknown) {
    const text = typeof data === "string" ? data : JSON.stringify(data);
    this.dispatchEvent(new MessageEvent(kind, { data: text }));
  }
}

class FakePage extends EventTarget {
  hidden = false;
  show(visible: boolean) {
    this.hidden = !visible;
    this.dispatchEvent(new Event("visibilitychange"));
  }
}

const page = () => new FakePage();
const stream = (on: FakePage) => new LiveStream("/live", on as unknown as Document);
const newest = () => {
  const source = FakeSource.opened.at(-1);
  if (!source) throw new Error("nothing was opened");
  return source;
};

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("EventSource", FakeSource);
  FakeSource.opened = [];
});
afterEach(() => vi.unstubAllGlobals());

describe("the live stream", () => {
  it("opens one connection for all listeners and closes it after the last", () => {
    const live = stream(page());
    const [a, b] = [live.subscribe(() => {}), live.subscribe(() => {})];
    expect(FakeSource.opened).toHaveLength(1);
    a();
    expect(newest().readyState).toBe(1);
    b();
    expect(newest().readyState).toBe(FakeSource.CLOSED);
  });

  it("keeps what arrived, the newest first, and tells of each event", () => {
    const live = stream(page());
    const seen: string[] = [];
    live.onEvent(({ eventId }) => seen.push(eventId));
    live.subscribe(() => {});
    newest().send("event", { eventId: "a" });
    newest().send("event", { eventId: "b" });
    newest().send("presence", { visitors: 4 });
    newest().send("gap", { missed: 7 });
    expect(seen).toEqual(["a", "b"]);
    expect(live.read()).toMatchObject({ state: "open", visitors: 4, missed: 7 });
    expect(live.read().events.map(({ eventId }) => eventId)).toEqual(["b", "a"]);
  });

  it("survives a message that is no JSON", () => {
    const live = stream(page());
    live.subscribe(() => {});
    newest().send("event", "{");
    newest().send("presence", { visitors: 1 });
    expect(live.read()).toMatchObject({ visitors: 1, events: [] });
  });

  it("asks a server that refused again after a while", () => {
    const live = stream(page());
    live.subscribe(() => {});
    newest().readyState = FakeSource.CLOSED;
    newest().onerror?.();
    expect(live.read().state).toBe("lost");
    vi.advanceTimersByTime(6000);
    expect(FakeSource.opened).toHaveLength(2);
    newest().onopen?.();
    expect(live.read().state).toBe("open");
  });

  it("holds no connection while nobody looks", () => {
    const on = page();
    stream(on).subscribe(() => {});
    on.show(false);
    expect(newest().readyState).toBe(FakeSource.CLOSED);
    on.show(true);
    expect(FakeSource.opened).toHaveLength(2);
  });

  it("does not come back for a listener that left while the page was hidden", () => {
    const on = page();
    const off = stream(on).subscribe(() => {});
    on.show(false);
    off();
    on.show(true);
    expect(FakeSource.opened).toHaveLength(1);
  });
});
