/**
 * When numbers are asked for again because events arrived.
 *
 * Soon after the first event, then at most every two seconds while more come, and more rarely where
 * the server needs longer to answer. Every event gets two refreshes, because it may be announced
 * a moment before reports count it.
 */
export interface Clock {
  now: () => number;
  after: (ms: number, run: () => void) => unknown;
  cancel: (timer: unknown) => void;
}

const SOON_MS = 350;
const PAUSE_MS = 2_000;
/** Of the time, at most a quarter is spent waiting for answers. */
const SHARE = 4;
const REFRESHES = 2;

const realClock: Clock = {
  now: () => Date.now(),
  after: (ms, run) => setTimeout(run, ms),
  cancel: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
};

export class Refresher {
  private timer: unknown = null;
  private running = false;
  private owed = 0;
  private notBefore = 0;

  constructor(
    private readonly refresh: () => Promise<unknown>,
    private readonly clock: Clock = realClock,
  ) {}

  /** Something has happened. */
  notice(): void {
    this.owed = REFRESHES;
    this.plan();
  }

  private plan(): void {
    if (this.running || this.timer !== null) return;
    const wait = Math.max(SOON_MS, this.notBefore - this.clock.now());
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
      this.notBefore = begun + Math.max(PAUSE_MS, took * SHARE);
      if (this.owed > 0) this.plan();
    }
  }
}
