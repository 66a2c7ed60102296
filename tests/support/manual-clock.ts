import type { Clock } from '../../shared/ports/clock';

/** {@link Clock} that stands still until a test moves it on. */
export class ManualClock implements Clock {
  private sleepers: { atMs: number; wake: () => void }[] = [];

  constructor(private ms = Date.UTC(2026, 2, 8, 6, 0, 0)) {}

  nowMs(): number {
    return this.ms;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((wake) => this.sleepers.push({ atMs: this.ms + ms, wake }));
  }

  /** Moves on, waking the sleepers on the way in order of time, and lets everything run that can. */
  async advance(ms: number): Promise<void> {
    const endMs = this.ms + ms;
    for (;;) {
      await settled();
      const [next] = this.sleepers.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs);
      if (!next) break;
      this.sleepers = this.sleepers.filter((sleeper) => sleeper !== next);
      this.ms = Math.max(this.ms, next.atMs);
      next.wake();
    }
    this.ms = endMs;
  }
}

/** Resolves once every promise that could settle by itself has. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
