import { Redis } from 'ioredis';
import { pushRatioStock } from '../../functions/ratio-sync-push/push-ratio-stock';
import { sweepStock } from '../../functions/stock-change-capture/sweep-stock';
import type { RedisEngine } from '../../infra/local/engines/redis';
import { startRedis } from '../../infra/local/engines/redis';
import { openRedisPool } from '../../shared/adapters/redis/redis-pool';
import type { Run } from '../../shared/platform/define-function';
import type { Pool } from '../../shared/ports/pool';
import { keys, recentLedgerPlace } from '../../shared/procedures/keys';
import type { SyncProgress } from '../../shared/procedures/sync-progress';
import { SYNC_PROGRESS } from '../../shared/procedures/sync-progress';
import { StubRun } from '../support/stub-run';

const MINUTE_MS = 60_000;

describe('a Redis that is emptied at the worst moments', () => {
  let server: RedisEngine;
  let admin: Redis;
  let stub: StubRun;
  let pool: Pool;
  let run: Run;
  let close: () => Promise<void>;

  beforeEach(async () => {
    server = await startRedis();
    admin = new Redis(server.endpoint);
    stub = new StubRun();
    const redis = { url: server.endpoint, cluster: false, prefix: 'test' };
    ({ pool, close } = openRedisPool(redis, { ...stub.ports, clock: stub.clock }));
    const ports = { ...stub.ports, pool };
    run = { config: stub.config, requestId: 'r1', remainingMs: () => MINUTE_MS, ports };
    // An outage of ten minutes: what moved first is older than a sweep looks back behind what is computed.
    await moved('TEE', 10 * MINUTE_MS);
    await moved('CAP', 1_000);
    await stub.store.put<SyncProgress>({
      key: keys.progress(SYNC_PROGRESS),
      expect: 0,
      value: { computedUpToMs: agoMs(11 * MINUTE_MS) },
    });
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await close();
    await admin.quit();
    await server.stop();
  });

  const agoMs = (ms: number): number => stub.clock.nowMs() - ms;

  const computedUpToMs = async (): Promise<number | undefined> =>
    (await stub.store.get<SyncProgress>(keys.progress(SYNC_PROGRESS)))?.value.computedUpToMs;

  async function moved(skuId: string, ms: number): Promise<void> {
    const key = { warehouseId: 'DC', skuId };
    const value = { number: 1, movements: [], balance: { onHandQty: 5, heldQty: 0 }, atMs: agoMs(ms) };
    const places = { list: recentLedgerPlace(key, value) };
    await stub.store.put({ key: keys.ledgerEntry(key, 1), expect: 0, value, places });
  }

  /** The next sweep and push bring everything, and know it. */
  async function expectRebuilt(): Promise<void> {
    await sweepStock(run);
    expect(await pushRatioStock(run)).toMatchObject({ computed: 2 });
    expect(await computedUpToMs()).toBe(stub.clock.nowMs());
    expect(await pool.list(9)).toEqual([]);
  }

  it('in the middle of a sweep: the sweep does not say that it is filled, and the next one fills it', async () => {
    const touch = pool.touch.bind(pool);
    jest.spyOn(pool, 'touch').mockImplementation(async (changes) => {
      await touch(changes);
      await admin.flushall();
    });
    await sweepStock(run);
    jest.restoreAllMocks();
    expect(await pushRatioStock(run)).toMatchObject({ computed: 0 });
    expect(await computedUpToMs()).toBe(agoMs(11 * MINUTE_MS));
    await expectRebuilt();
  });

  it('behind a sweep, before anybody has computed what it brought', async () => {
    await sweepStock(run);
    await admin.flushall();
    expect(await pushRatioStock(run)).toMatchObject({ computed: 0 });
    expect(await computedUpToMs()).toBe(agoMs(11 * MINUTE_MS));
    await expectRebuilt();
  });

  it('while a run computes: what has come in again since is still there when the run clears', async () => {
    await sweepStock(run);
    const lease = pool.lease.bind(pool);
    jest.spyOn(pool, 'lease').mockImplementationOnce(async (max, leaseMs) => {
      const leased = await lease(max, leaseMs);
      await admin.flushall();
      await sweepStock(run);
      return leased;
    });
    // Both are computed by the lease of before, and once more since nobody knows whether that saw the change.
    expect(await pushRatioStock(run)).toMatchObject({ computed: 4 });
    expect(await computedUpToMs()).toBe(stub.clock.nowMs());
    expect(await pool.list(9)).toEqual([]);
  });
});
