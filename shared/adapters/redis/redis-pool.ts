import type { Clock } from '../../ports/clock';
import type { Log } from '../../ports/log';
import type { LeasedEntry, Pool, PoolEntry, PoolProgress, TokenRate } from '../../ports/pool';
import { POOL_PAGE_MAX } from '../../ports/pool';
import type { Random } from '../../ports/random';
import type { RedisAddress } from './connection';
import { RedisConnection } from './connection';
import type { Script } from './scripts';
import { BEGIN_FILL, CLEAR, END_FILL, GIVE_BACK, LEASE, LIST, PROGRESS, TAKE_TOKENS, TOUCH } from './scripts';

/**
 * A bucket is kept so much longer than it takes to be full again: clocks differ by less, and one that is set back by less
 * finds its bucket as it left it.
 */
const BUCKET_SPARE_MS = 60_000;

/** A pool on Redis with a connection of its own, made at its first use. */
export function openRedisPool(
  settings: RedisAddress & { readonly prefix: string },
  ports: { readonly clock: Clock; readonly random: Random; readonly log: Log },
): { readonly pool: RedisPool; readonly close: () => Promise<void> } {
  const connection = new RedisConnection(settings, ports);
  return { pool: new RedisPool(connection, settings.prefix, ports), close: () => connection.close() };
}

/**
 * {@link Pool} on Redis 5 to 7, one server or a cluster, shared by all instances. A cache that may be lost at any moment:
 * Redis must refuse when it is full (`noeviction`), since a pool that lacks single keys is none. A replica that takes over
 * may lack the last writes: a lost touch is found by the sweep, which looks back further; a lost end of a lease is a SKU
 * computed twice.
 *
 * All keys of the pool carry one hash tag, so that a cluster keeps them on one node and a script may use them together; each
 * bucket has a tag of its own, so that buckets spread. Keys, behind `{prefix:pool}:`
 *
 * - `since`: every SKU by the time of its oldest change; `free` likewise, those that nobody has leased
 * - `leased`: SKUs by the end of their lease
 * - `counters`, `leases`, `later`: by SKU the number of changes, the token of the last lease, the oldest change during it
 * - `fill`: the token of this pool, and up to when it was filled
 */
export class RedisPool implements Pool {
  constructor(
    private readonly redis: Pick<RedisConnection, 'run'>,
    private readonly prefix: string,
    private readonly ports: { readonly clock: Clock; readonly random: Random },
  ) {}

  async touch(changes: readonly { skuId: string; atMs: number }[]): Promise<void> {
    for (const page of pages(changes)) {
      await this.runOnSlots(
        TOUCH,
        page.flatMap(({ skuId, atMs }) => [skuId, atMs]),
      );
    }
  }

  async lease(max: number, leaseMs: number): Promise<LeasedEntry[]> {
    if (max <= 0) return [];
    const nowMs = this.ports.clock.nowMs();
    const lease = this.ports.random.token();
    const taken = await this.runOnSlots(LEASE, [Math.min(max, POOL_PAGE_MAX), nowMs, nowMs + leaseMs, lease]);
    return entriesOf(taken).map((entry) => ({ ...entry, lease }));
  }

  async clear(entries: readonly LeasedEntry[]): Promise<void> {
    for (const page of pages(entries)) {
      await this.runOnSlots(
        CLEAR,
        page.flatMap(({ skuId, lease, counter }) => [skuId, lease, counter]),
      );
    }
  }

  async giveBack(entries: readonly LeasedEntry[]): Promise<void> {
    for (const page of pages(entries)) {
      await this.runOnSlots(
        GIVE_BACK,
        page.flatMap(({ skuId, lease }) => [skuId, lease]),
      );
    }
  }

  async list(max: number): Promise<PoolEntry[]> {
    if (max <= 0) return [];
    return entriesOf(await this.run(LIST, ['since', 'counters'], [Math.min(max, POOL_PAGE_MAX)]));
  }

  async beginFill(): Promise<string> {
    return String(await this.run(BEGIN_FILL, ['fill'], [this.ports.random.token()]));
  }

  async endFill(fill: string, atMs: number): Promise<void> {
    await this.run(END_FILL, ['fill'], [fill, atMs]);
  }

  async progress(): Promise<PoolProgress> {
    const [filledUpTo, oldest] = texts(await this.run(PROGRESS, ['fill', 'since'], []));
    return { filledUpToMs: timeOrNone(filledUpTo), oldestMs: timeOrNone(oldest) };
  }

  async takeTokens(bucket: string, want: number, rate: TokenRate): Promise<{ granted: number; nextInMs: number }> {
    const key = `{${this.prefix}:bucket:${bucket}}`;
    const args = [this.ports.clock.nowMs(), want, rate.perSecond, rate.burst, BUCKET_SPARE_MS];
    const [granted, nextInMs] = texts(await this.redis.run(TAKE_TOKENS, [key], args));
    return { granted: Number(granted), nextInMs: Number(nextInMs) };
  }

  private runOnSlots(script: Script, args: readonly (string | number)[]): Promise<unknown> {
    return this.run(script, ['free', 'leased', 'since', 'counters', 'leases', 'later'], args);
  }

  private run(script: Script, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    return this.redis.run(
      script,
      keys.map((key) => `{${this.prefix}:pool}:${key}`),
      args,
    );
  }
}

/** Not more at once than keep Redis busy for some ms. */
function pages<T>(all: readonly T[]): T[][] {
  const count = Math.ceil(all.length / POOL_PAGE_MAX);
  return Array.from({ length: count }, (_, page) => all.slice(page * POOL_PAGE_MAX, (page + 1) * POOL_PAGE_MAX));
}

function texts(answer: unknown): string[] {
  return Array.isArray(answer) ? answer.map(String) : [];
}

function entriesOf(answer: unknown): PoolEntry[] {
  const flat = texts(answer);
  return Array.from({ length: flat.length / 3 }, (_, i) => {
    const [skuId = '', counter, sinceMs] = flat.slice(i * 3, i * 3 + 3);
    return { skuId, counter: Number(counter), sinceMs: Number(sinceMs) };
  });
}

const timeOrNone = (text: string | undefined): number | undefined => (text ? Number(text) : undefined);
