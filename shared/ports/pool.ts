/** A SKU whose stock moved 库存异动 and whose shop quantities must be computed again. */
export interface PoolEntry {
  readonly skuId: string;
  /** Counts the changes since it came in: an entry is cleared only if nothing came in between. */
  readonly counter: number;
  /** Time of the oldest change that it stands for, epoch ms. */
  readonly sinceMs: number;
}

/**
 * Stock change pool 库存异动计算缓存池, and the rate limit of shops. Both may be lost at any moment: the sweep fills the
 * pool again from the ledgers, a lost bucket starts full.
 */
export interface Pool {
  /** Adds changes; a SKU that is in the pool already only counts up. */
  touch(changes: readonly { skuId: string; atMs: number }[]): Promise<void>;
  /** Takes up to `max` entries that nobody has leased, oldest first, for `leaseMs`. */
  lease(max: number, leaseMs: number): Promise<PoolEntry[]>;
  /** Ends leases: an entry goes where its counter is still the one that was read, else it stays and is free again. */
  clear(entries: readonly PoolEntry[]): Promise<void>;
  /** Ends leases without clearing: somebody shall come again. */
  giveBack(entries: readonly PoolEntry[]): Promise<void>;
  /** For people: what is in the pool, oldest first. */
  list(max: number): Promise<PoolEntry[]>;
  /** Time of the oldest change in the pool, leased ones included; undefined while it is empty. */
  oldestMs(): Promise<number | undefined>;
  /** The pool has been filled from every ledger up to this time; lost together with the pool. */
  setFilledUpTo(atMs: number): Promise<void>;
  filledUpTo(): Promise<number | undefined>;
  /**
   * Token bucket, shared by all instances: takes up to `want` tokens and says how many it got, and when the next one
   * will be there.
   */
  takeTokens(
    bucket: string,
    want: number,
    rate: { perSecond: number; burst: number },
  ): Promise<{ granted: number; nextInMs: number }>;
}
