import type { Clock } from '../../../shared/ports/clock';
import { settled } from '../../support/manual-clock';

/**
 * A clock whose time passes only while somebody waits, and then at once: what takes how long is the same in every run,
 * and a wait of two minutes takes none.
 */
export class VirtualClock implements Clock {
  private sleepers: { atMs: number; wake: () => void }[] = [];

  constructor(private ms: number) {}

  nowMs(): number {
    return this.ms;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((wake) => this.sleepers.push({ atMs: this.ms + ms, wake }));
  }

  /** Passes while nobody works. */
  pass(ms: number): void {
    this.ms += ms;
  }

  /** Does some work, moving the time on whenever all of it waits. */
  async drive<R>(work: () => Promise<R>): Promise<R> {
    const state = { isDone: false };
    const end = (): void => {
      state.isDone = true;
    };
    const result = work();
    result.then(end, end);
    for (;;) {
      await settled();
      if (state.isDone) return result;
      this.wakeNext();
    }
  }

  private wakeNext(): void {
    const nextMs = this.sleepers.reduce((least, { atMs }) => Math.min(least, atMs), Number.POSITIVE_INFINITY);
    if (nextMs === Number.POSITIVE_INFINITY) return;
    const due = this.sleepers.filter(({ atMs }) => atMs <= nextMs);
    this.sleepers = this.sleepers.filter(({ atMs }) => atMs > nextMs);
    this.ms = Math.max(this.ms, nextMs);
    for (const { wake } of due) wake();
  }
}
