import { pushRatioStock } from '../../../functions/ratio-sync-push/push-ratio-stock';
import { sweepStock } from '../../../functions/stock-change-capture/sweep-stock';
import { InProcessPool } from '../../../shared/adapters/in-process/in-process-pool';
import { MemoryStore } from '../../../shared/adapters/memory/memory-store';
import type { Run } from '../../../shared/platform/define-function';
import type { Pool } from '../../../shared/ports/pool';
import type { IndexHit, IndexName, Range } from '../../../shared/ports/store';
import { keys, recentLedgerPlace } from '../../../shared/procedures/keys';
import type { SyncProgress } from '../../../shared/procedures/sync-progress';
import { SYNC_PROGRESS } from '../../../shared/procedures/sync-progress';
import { ManualClock } from '../../support/manual-clock';
import { SeededRandom } from '../../support/seeded-random';
import { StubRun } from '../../support/stub-run';

const MINUTE_MS = 60_000;

/** SKUs that moved: some hundred in each of the four partitions, so that each takes two pages of 200. */
const SKUS = Array.from({ length: 1_200 }, (_, i) => `SKU-${i}`);

/** Counts the pages that are read of the ledgers. */
class CountingStore extends MemoryStore {
  pages = 0;
  /** Called before a page is read. */
  beforePage: () => Promise<void> = async () => undefined;

  override async queryIndex(index: IndexName, partition: string, range: Range): Promise<IndexHit[]> {
    if (index === 'list') {
      this.pages += 1;
      await this.beforePage();
    }
    return super.queryIndex(index, partition, range);
  }
}

let store: CountingStore;
let stub: StubRun;
let pool: Pool;

beforeEach(async () => {
  store = new CountingStore();
  stub = new StubRun(store);
  losePool(1);
  for (const [i, skuId] of SKUS.entries()) await moved(skuId, 20 * MINUTE_MS - i);
});

function losePool(seed: number): void {
  pool = new InProcessPool(stub.clock, new SeededRandom(seed));
}

async function moved(skuId: string, agoMs: number): Promise<void> {
  const key = { warehouseId: 'DC', skuId };
  const balance = { onHandQty: 5, heldQty: 0 };
  const value = { number: 1, movements: [], balance, atMs: stub.clock.nowMs() - agoMs };
  const places = { list: recentLedgerPlace(key, value) };
  await store.put({ key: keys.ledgerEntry(key, 1), expect: 0, value, places });
}

/** A run that has time for so many pages, at a time of its own. */
function runWith(pages: number): Run {
  const upTo = store.pages + pages;
  return {
    ...{ config: stub.config, requestId: 'r1', ports: { ...stub.ports, pool } },
    remainingMs: () => (store.pages < upTo ? MINUTE_MS : 0),
  };
}

async function poolSkus(): Promise<Set<string>> {
  return new Set([...(await pool.lease(1_000, 1)), ...(await pool.lease(1_000, 1))].map(({ skuId }) => skuId));
}

/** Short runs, a minute apart, until one of them says that the pool is filled. */
async function runsUntilFilled(): Promise<number> {
  for (let runs = 1; runs < 100; runs += 1) {
    await sweepStock(runWith(1));
    if ((await pool.progress()).filledUpToMs !== undefined) return runs;
    await stub.clock.advance(MINUTE_MS);
  }
  throw new Error('it never comes to the end');
}

describe('a sweep that has more to read than a run has time for', () => {
  it('comes to the end, run by run, and is as good as what its first run could see', async () => {
    const firstMs = stub.clock.nowMs();
    expect(await runsUntilFilled()).toBeGreaterThan(8);
    expect(await pool.progress()).toMatchObject({ filledUpToMs: firstMs });
    expect(await poolSkus()).toEqual(new Set(SKUS));
  });

  it('comes to the end on a busy store, where a page of entries more is there whenever one is read', async () => {
    let more = 0;
    store.beforePage = async () => {
      for (let i = 0; i < 800; i += 1) await moved(`MORE-${(more += 1)}`, 0);
    };
    expect(await runsUntilFilled()).toBeLessThan(60);
  });

  it('goes on from the last page that was written down, if a run is killed', async () => {
    await sweepStock(runWith(3));
    store.beforePage = async () => {
      store.beforePage = async () => undefined;
      throw new Error('killed');
    };
    await expect(sweepStock(runWith(3))).rejects.toThrow('killed');
    const before = store.pages;
    await sweepStock(runWith(1e6));
    // Two pages and an empty one for each of the four partitions, of which three were read.
    expect(store.pages - before).toBe(4 * 3 - 3);
    expect(await poolSkus()).toEqual(new Set(SKUS));
  });

  it('begins anew where the pool was lost in between', async () => {
    await sweepStock(runWith(7));
    losePool(2);
    await stub.clock.advance(MINUTE_MS);
    const anewMs = stub.clock.nowMs();
    await runsUntilFilled();
    expect(await pool.progress()).toMatchObject({ filledUpToMs: anewMs });
    expect(await poolSkus()).toEqual(new Set(SKUS));
  });

  it('is not filled where the pool is lost while its last run reads', async () => {
    await sweepStock(runWith(7));
    const last = runWith(1e6);
    store.beforePage = async () => {
      store.beforePage = async () => undefined;
      losePool(2);
    };
    // The run's own door leads to the pool that is there now, as Redis's does.
    const now: Pool = new Proxy(pool, {
      get: (_, name) => {
        const member: unknown = Reflect.get(pool, name);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]): unknown => Reflect.apply(member, pool, args);
      },
    });
    await sweepStock({ ...last, ports: { ...last.ports, pool: now } });
    expect((await pool.progress()).filledUpToMs).toBeUndefined();
    await runsUntilFilled();
    expect(await poolSkus()).toEqual(new Set(SKUS));
  });

  it('skips nothing where a second run goes the same way at the same time', async () => {
    const clocks = [new ManualClock(stub.clock.nowMs() - 500), new ManualClock(stub.clock.nowMs() + 500)];
    let filled = false;
    for (let minute = 0; minute < 100 && !filled; minute += 1) {
      await Promise.all(
        clocks.map((clock, i) => {
          const run = runWith(1 + ((minute + i) % 3));
          return sweepStock({ ...run, ports: { ...run.ports, clock } });
        }),
      );
      filled = (await pool.progress()).filledUpToMs !== undefined;
      for (const clock of clocks) await clock.advance(MINUTE_MS);
    }
    expect(filled).toBe(true);
    expect(await poolSkus()).toEqual(new Set(SKUS));
  });

  it('is over when it has ended: the next one reads what is younger', async () => {
    await runsUntilFilled();
    expect(await pushRatioStock(runWith(1e6))).toMatchObject({ computed: SKUS.length });
    const computedUpToMs = (await store.get<SyncProgress>(keys.progress(SYNC_PROGRESS)))?.value.computedUpToMs;
    expect(computedUpToMs).toBe((await pool.progress()).filledUpToMs);
    await moved('LATER', 0);
    await stub.clock.advance(MINUTE_MS);
    await sweepStock(runWith(1e6));
    expect(await poolSkus()).toEqual(new Set(['LATER']));
    expect(await pool.progress()).toMatchObject({ filledUpToMs: stub.clock.nowMs() });
  });
});
