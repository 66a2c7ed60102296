import type { Clock } from '../../ports/clock';
import type { Pool, PoolEntry } from '../../ports/pool';

interface Slot {
  counter: number;
  sinceMs: number;
  leasedUntilMs: number;
  /** Oldest change that came in during the present lease: what the entry stands for once the lease is cleared. */
  laterSinceMs: number | undefined;
}

/** {@link Pool} of the embedded profile, in the process's memory. A restart loses it; the sweep at start fills it again. */
export class InProcessPool implements Pool {
  private readonly slots = new Map<string, Slot>();
  private readonly buckets = new Map<string, { tokens: number; atMs: number }>();
  private filledMs: number | undefined;

  constructor(private readonly clock: Clock) {}

  async touch(changes: readonly { skuId: string; atMs: number }[]): Promise<void> {
    for (const { skuId, atMs } of changes) {
      const slot = this.slots.get(skuId);
      if (slot) {
        slot.counter += 1;
        slot.sinceMs = Math.min(slot.sinceMs, atMs);
        slot.laterSinceMs = Math.min(slot.laterSinceMs ?? atMs, atMs);
      } else {
        this.slots.set(skuId, { counter: 1, sinceMs: atMs, leasedUntilMs: 0, laterSinceMs: undefined });
      }
    }
  }

  async lease(max: number, leaseMs: number): Promise<PoolEntry[]> {
    const now = this.clock.nowMs();
    const leased: PoolEntry[] = [];
    // A Map keeps the order of arrival, so the oldest come first.
    for (const [skuId, slot] of this.slots) {
      if (leased.length >= max) break;
      if (slot.leasedUntilMs > now) continue;
      slot.leasedUntilMs = now + leaseMs;
      slot.laterSinceMs = undefined;
      leased.push({ skuId, counter: slot.counter, sinceMs: slot.sinceMs });
    }
    return leased;
  }

  async clear(entries: readonly PoolEntry[]): Promise<void> {
    for (const entry of entries) {
      const slot = this.slots.get(entry.skuId);
      if (!slot) continue;
      if (slot.counter === entry.counter) {
        this.slots.delete(entry.skuId);
      } else {
        slot.leasedUntilMs = 0;
        slot.sinceMs = slot.laterSinceMs ?? slot.sinceMs;
      }
    }
  }

  async giveBack(entries: readonly PoolEntry[]): Promise<void> {
    for (const entry of entries) {
      const slot = this.slots.get(entry.skuId);
      if (slot) slot.leasedUntilMs = 0;
    }
  }

  async list(max: number): Promise<PoolEntry[]> {
    return [...this.slots]
      .map(([skuId, { counter, sinceMs }]) => ({ skuId, counter, sinceMs }))
      .sort((a, b) => a.sinceMs - b.sinceMs)
      .slice(0, max);
  }

  async oldestMs(): Promise<number | undefined> {
    let oldest: number | undefined;
    for (const { sinceMs } of this.slots.values()) oldest = Math.min(oldest ?? sinceMs, sinceMs);
    return oldest;
  }

  async setFilledUpTo(atMs: number): Promise<void> {
    this.filledMs = atMs;
  }

  async filledUpTo(): Promise<number | undefined> {
    return this.filledMs;
  }

  async takeTokens(
    bucket: string,
    want: number,
    rate: { perSecond: number; burst: number },
  ): Promise<{ granted: number; nextInMs: number }> {
    const now = this.clock.nowMs();
    const held = this.buckets.get(bucket) ?? { tokens: rate.burst, atMs: now };
    const refill = (Math.max(0, now - held.atMs) * rate.perSecond) / 1_000;
    const tokens = Math.min(rate.burst, held.tokens + refill);
    const granted = Math.min(want, Math.floor(tokens));
    this.buckets.set(bucket, { tokens: tokens - granted, atMs: now });
    const missing = 1 - (tokens - granted);
    return { granted, nextInMs: missing <= 0 ? 0 : Math.ceil((missing * 1_000) / rate.perSecond) };
  }
}
