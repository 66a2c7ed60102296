import type { Clock } from '../../ports/clock';
import type { LeasedEntry, Pool, PoolEntry, PoolProgress, TokenRate } from '../../ports/pool';
import { POOL_PAGE_MAX } from '../../ports/pool';
import type { Random } from '../../ports/random';

interface Slot {
  counter: number;
  sinceMs: number;
  /** The last lease that was handed out and not ended; it may have run out. */
  lease: { readonly token: string; readonly untilMs: number } | undefined;
  /** Oldest change that came in during the present lease: what the entry stands for once the lease is cleared. */
  laterSinceMs: number | undefined;
}

/** {@link Pool} of the embedded profile, in the process's memory. A restart loses it; the sweep at start fills it again. */
export class InProcessPool implements Pool {
  private readonly slots = new Map<string, Slot>();
  private readonly buckets = new Map<string, { tokens: number; atMs: number }>();
  private readonly fill: string;
  private filledUpToMs: number | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
  ) {
    this.fill = random.token();
  }

  async touch(changes: readonly { skuId: string; atMs: number }[]): Promise<void> {
    for (const { skuId, atMs } of changes) {
      const slot = this.slots.get(skuId);
      if (slot) {
        slot.counter += 1;
        slot.sinceMs = Math.min(slot.sinceMs, atMs);
        if (slot.lease) slot.laterSinceMs = Math.min(slot.laterSinceMs ?? atMs, atMs);
      } else {
        this.slots.set(skuId, { counter: 1, sinceMs: atMs, lease: undefined, laterSinceMs: undefined });
      }
    }
  }

  async lease(max: number, leaseMs: number): Promise<LeasedEntry[]> {
    const now = this.clock.nowMs();
    const lease = this.random.token();
    const free = this.oldestFirst().filter(([, slot]) => !slot.lease || slot.lease.untilMs <= now);
    return free.slice(0, pageOf(max)).map(([skuId, slot]) => {
      slot.lease = { token: lease, untilMs: now + leaseMs };
      slot.laterSinceMs = undefined;
      return { skuId, counter: slot.counter, sinceMs: slot.sinceMs, lease };
    });
  }

  async clear(entries: readonly LeasedEntry[]): Promise<void> {
    for (const entry of entries) {
      const slot = this.leasedSlot(entry);
      if (!slot) continue;
      if (slot.counter === entry.counter) {
        this.slots.delete(entry.skuId);
      } else {
        slot.sinceMs = slot.laterSinceMs ?? slot.sinceMs;
        endLease(slot);
      }
    }
  }

  async giveBack(entries: readonly LeasedEntry[]): Promise<void> {
    for (const entry of entries) {
      const slot = this.leasedSlot(entry);
      if (slot) endLease(slot);
    }
  }

  async list(max: number): Promise<PoolEntry[]> {
    return this.oldestFirst()
      .slice(0, pageOf(max))
      .map(([skuId, { counter, sinceMs }]) => ({ skuId, counter, sinceMs }));
  }

  async beginFill(): Promise<string> {
    return this.fill;
  }

  async endFill(fill: string, atMs: number): Promise<void> {
    if (fill === this.fill) this.filledUpToMs = Math.max(this.filledUpToMs ?? atMs, atMs);
  }

  async progress(): Promise<PoolProgress> {
    let oldestMs: number | undefined;
    for (const { sinceMs } of this.slots.values()) oldestMs = Math.min(oldestMs ?? sinceMs, sinceMs);
    return { filledUpToMs: this.filledUpToMs, oldestMs };
  }

  async takeTokens(bucket: string, want: number, rate: TokenRate): Promise<{ granted: number; nextInMs: number }> {
    const now = this.clock.nowMs();
    const held = this.buckets.get(bucket) ?? { tokens: rate.burst, atMs: now };
    const atMs = Math.max(held.atMs, now);
    const refill = ((atMs - held.atMs) * rate.perSecond) / 1_000;
    const tokens = Math.min(rate.burst, held.tokens + refill);
    const granted = Math.min(want, Math.floor(tokens));
    if (granted > 0) this.buckets.set(bucket, { tokens: tokens - granted, atMs });
    const missing = 1 - (tokens - granted);
    return { granted, nextInMs: missing <= 0 ? 0 : Math.ceil((missing * 1_000) / rate.perSecond) };
  }

  private leasedSlot({ skuId, lease }: LeasedEntry): Slot | undefined {
    const slot = this.slots.get(skuId);
    return slot?.lease?.token === lease ? slot : undefined;
  }

  /** A Map keeps the order of arrival, which is nearly that of time: such a list is sorted in little more than one pass. */
  private oldestFirst(): [string, Slot][] {
    return [...this.slots].sort(([skuA, a], [skuB, b]) => a.sinceMs - b.sinceMs || (skuA < skuB ? -1 : 1));
  }
}

function endLease(slot: Slot): void {
  slot.lease = undefined;
  slot.laterSinceMs = undefined;
}

const pageOf = (max: number): number => Math.min(Math.max(0, max), POOL_PAGE_MAX);
