/**
 * When numbers are asked for again because events arrived.
 *
 * Every event gets three refreshes, because it may be announced a moment before reports count it.
 * While more come they share them, and where the server needs longer to answer they are rarer.
 * There is never more than one on its way.
 */
export interface Clock {
  now: () => number;
  after: (ms: number, run: () => void) => unknown;
  cancel: (timer: unknown) => void;
}

/** From an event to its first refresh, and from there to the next ones. */
const SOON_MS = 350;
const PAUSES_MS = [750, 1_100] as const;
const LONGEST_PAUSE_MS = PAUSES_MS[1];
/** Of the time, at most a third is spent waiting for answers. */
const SHARE = 3;
const REFRESHES = 1 + PAUSES_MS.length;

const realClock: Clock = {
  now: () => Date.now(),
  after: (ms, run) => setTimeout(run, ms),
  cancel: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
};

export class Refresher {
  private timer: unknown = null;
  private running = false;
  private owed = 0;
  /** Refreshes since it last rested. */
  private done = 0;
  private notBefore = 0;

  constructor(
    private readonly refresh: () => Promise<unknown>,
    private readonly clock: Clock = realClock,
  ) {}

  /** Something has happened. */
  notice(): void {
    if (this.owed === 0 && !this.running) this.done = 0;
    this.owed = REFRESHES;
    this.plan();
  }

  private plan(): void {
    if (this.running || this.timer !== null) return;
    const soonest = this.done === 0 ? SOON_MS : 0;
    const wait = Math.max(soonest, this.notBefore - this.clock.now());
    this.timer = this.clock.after(wait, () => void this.run());
  }

  stop(): void {
    if (this.timer !== null) this.clock.cancel(this.timer);
    this.timer = null;
    this.owed = 0;
  }

  private async run(): Promise<void> {
    this.timer = null;
    this.running = true;
    this.owed -= 1;
    const begun = this.clock.now();
    try {
      await this.refresh();
    } finally {
      this.running = false;
      const took = this.clock.now() - begun;
      const pause = PAUSES_MS[this.done] ?? LONGEST_PAUSE_MS;
      this.done += 1;
      this.notBefore = begun + Math.max(pause, took * SHARE);
      if (this.owed > 0) this.plan();
    }
  }
}
