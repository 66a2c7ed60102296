import { pushRatioStock } from '../../../functions/ratio-sync-push/push-ratio-stock';
import { readBackStock } from '../../../functions/ratio-sync-push/read-back-stock';
import { takeToken } from '../../../functions/ratio-sync-push/write-stock';
import { captureChanges } from '../../../functions/stock-change-capture/capture-changes';
import { sweepStock } from '../../../functions/stock-change-capture/sweep-stock';
import { AppError } from '../../../shared/errors';
import { keys, recentLedgerPlace } from '../../../shared/procedures/keys';
import type { SyncProgress } from '../../../shared/procedures/sync-progress';
import { SYNC_PROGRESS } from '../../../shared/procedures/sync-progress';
import { SHOP, StubRun } from '../../support/stub-run';

const TEE = { warehouseId: 'DC', skuId: 'TEE' };

let run: StubRun;

beforeEach(() => {
  run = new StubRun();
});

/** The pool's server does not answer, until the returned function is called. */
function poolDown(): () => void {
  const spies = (['lease', 'touch', 'takeTokens', 'beginFill', 'progress'] as const).map((operation) =>
    jest.spyOn(run.ports.pool, operation).mockRejectedValue(new AppError('POOL_UNAVAILABLE', { reason: 'test' })),
  );
  return () => spies.forEach((spy) => spy.mockRestore());
}

/** A ledger entry of so long ago. */
async function moved(skuId: string, agoMs: number): Promise<void> {
  const key = { warehouseId: 'DC', skuId };
  const value = {
    number: 1,
    movements: [],
    balance: { onHandQty: 5, heldQty: 0 },
    atMs: run.clock.nowMs() - agoMs,
  };
  await run.store.put({
    ...{ key: keys.ledgerEntry(key, 1), expect: 0, value },
    places: { list: recentLedgerPlace(key, value) },
  });
}

const computedUpToMs = async (): Promise<number | undefined> =>
  (await run.store.get<SyncProgress>(keys.progress(SYNC_PROGRESS)))?.value.computedUpToMs;

describe('while the pool does not answer', () => {
  it('there is no token of a rate limit, and the caller does not wait for one', async () => {
    poolDown();
    expect(await takeToken(run, SHOP)).toBe(false);
  });

  it('another error of taking a token is not mistaken for that', async () => {
    jest.spyOn(run.ports.pool, 'takeTokens').mockRejectedValue(new TypeError('a slip'));
    await expect(takeToken(run, SHOP)).rejects.toThrow('a slip');
  });

  it('the runs fail and say so, and nothing counts as computed', async () => {
    await moved('TEE', 1_000);
    const up = poolDown();
    const unavailable = { code: 'POOL_UNAVAILABLE' };
    await expect(captureChanges(run.ports, [{ ...TEE, number: 1 }], () => true)).rejects.toMatchObject(unavailable);
    await expect(sweepStock(run)).rejects.toMatchObject(unavailable);
    await expect(pushRatioStock(run)).rejects.toMatchObject(unavailable);
    expect(await computedUpToMs()).toBeUndefined();
    // Reading back takes nothing from the pool where no shop is synced.
    expect(await readBackStock(run)).toEqual({ looked: 0 });
    up();
    await sweepStock(run);
    expect(await pushRatioStock(run)).toMatchObject({ computed: 1 });
    expect(await computedUpToMs()).toBe(run.clock.nowMs());
  });
});
