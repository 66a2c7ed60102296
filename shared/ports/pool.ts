/** A SKU whose stock moved 库存异动 and whose shop quantities must be computed again. */
export interface PoolEntry {
  readonly skuId: string;
  /** Counts the changes since it came in: an entry is cleared only if nothing came in between. */
  readonly counter: number;
  /** Time of the oldest change that it stands for, epoch ms. */
  readonly sinceMs: number;
}

/** An entry in somebody's hands. */
export interface LeasedEntry extends PoolEntry {
  /** Fence: tells this lease from every other, also from those of a pool that was lost meanwhile. Nobody can guess it. */
  readonly lease: string;
}

/** How far the pool is filled and emptied, seen at one moment. Times are epoch ms. */
export interface PoolProgress {
  /** Every ledger was read into the pool up to this time; undefined where the pool is new or was lost since. */
  readonly filledUpToMs: number | undefined;
  /** Time of the oldest change in the pool, leased ones included; undefined while it is empty. */
  readonly oldestMs: number | undefined;
}

/** Tokens of a bucket: as many come in a second, and so many at most lie there. Both above 0. */
export interface TokenRate {
  readonly perSecond: number;
  readonly burst: number;
}

/** Most entries that one call leases or lists: who wants more calls again. A thousand keep a shared engine busy for some ms. */
export const POOL_PAGE_MAX = 1_000;

/**
 * Stock change pool 库存异动计算缓存池, and the rate limit of shops. Both may be lost at any moment: the sweep fills the
 * pool again from the ledgers, a lost bucket starts full. So that a loss is harmless in the middle of work, too, work is
 * fenced: a lease and a fill hold a token, and what they end with acts only in the pool that gave it.
 *
 * Order: oldest first, which is by `sinceMs`, then by SKU. Time is the clock of the caller: clocks of instances differ by
 * ms, leases and sweeps allow for minutes. Every operation may be repeated. Those of a pool on a server throw
 * POOL_UNAVAILABLE where it does not answer; then it may or may not have happened, and coming again later is right.
 */
export interface Pool {
  /** Adds changes; a SKU that is in the pool already only counts up. */
  touch(changes: readonly { skuId: string; atMs: number }[]): Promise<void>;
  /**
   * Takes up to `max` entries (at most {@link POOL_PAGE_MAX}) that nobody has leased, oldest first, for `leaseMs`. A lease
   * that has run out may be taken over by anybody; until somebody does, its holder can still end it.
   */
  lease(max: number, leaseMs: number): Promise<LeasedEntry[]>;
  /**
   * Ends leases: an entry goes where its counter is still the one that was read, else it stays, is free again and stands
   * for the later changes only. Where the entry is not under this very lease (taken over, given back, or the pool lost and
   * filled again) nothing happens, even if the counters agree: in a new pool the same count stands for other changes.
   * The SKU is then computed once more, which costs little; the change would be lost for good.
   */
  clear(entries: readonly LeasedEntry[]): Promise<void>;
  /** Ends leases without clearing: somebody shall come again. Fenced as `clear` is. */
  giveBack(entries: readonly LeasedEntry[]): Promise<void>;
  /** For people: what is in the pool, oldest first, at most {@link POOL_PAGE_MAX}. */
  list(max: number): Promise<PoolEntry[]>;
  /** Begins to fill the pool from the ledgers; returns what {@link endFill} asks for. */
  beginFill(): Promise<string>;
  /**
   * The pool has been filled from every ledger up to this time. Noted only where the pool is still the one in which the fill
   * began: of one that was lost in between, nobody knows what it lacks. Never goes back to an earlier time.
   */
  endFill(fill: string, atMs: number): Promise<void>;
  /** Both in one reading: the pool might be lost, and filled again, between two. */
  progress(): Promise<PoolProgress>;
  /**
   * Token bucket, shared by all instances: takes up to `want` tokens and says how many it got, and in how many ms the next
   * one will be there. A bucket's time never runs backwards: a clock that is behind finds what was left, no new tokens.
   */
  takeTokens(bucket: string, want: number, rate: TokenRate): Promise<{ granted: number; nextInMs: number }>;
}
