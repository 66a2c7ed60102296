import type { KeptSamples } from '../../../../functions/console/home/read-sync-delay';
import { readSyncDelay } from '../../../../functions/console/home/read-sync-delay';
import { MemoryStore } from '../../../../shared/adapters/memory/memory-store';
import { sortable } from '../../../../shared/domain/kernel/ids';
import type { SyncRecord } from '../../../../shared/domain/sync/sync-record';
import { keys } from '../../../../shared/procedures/keys';
import { SHOP } from '../../../support/stub-run';

const T = Date.UTC(2026, 2, 8, 6, 0, 0);
const LEDGER = { warehouseId: 'DC', skuId: 'TEE' };
const LISTING = { itemId: '1', platformSkuId: null };

/** A record of the one listing, computed from an entry of the ledger. */
async function pushed(
  store: MemoryStore,
  number: number,
  ledgerNumber: number,
  [createdAtMs, finishedAtMs]: readonly [number, number],
  status: SyncRecord['status'] = 'pushed',
): Promise<void> {
  const reason = { balances: [{ warehouseId: 'DC', ledgerNumber, availableQty: 1 }] };
  const value = { ...LISTING, shopId: 'tb', skuId: 'TEE', number, status, createdAtMs, finishedAtMs, reason };
  const list = { partition: 'sync-queue#tb', sort: `${sortable(createdAtMs)}#1` };
  await store.put({ key: keys.syncRecord('tb', LISTING, number), expect: 0, value, places: { list } });
}

async function moved(store: MemoryStore, number: number, atMs: number): Promise<void> {
  const value = { number, movements: [], balance: { onHandQty: 1, heldQty: 0 }, atMs };
  await store.put({ key: keys.ledgerEntry(LEDGER, number), expect: 0, value });
}

describe('the delay from a change of stock to the shop', () => {
  it('runs from the ledger entry over the quantity to the push, and leaves out what no change of stock caused', async () => {
    const store = new MemoryStore();
    for (const n of [1, 2, 3]) await moved(store, n, T + n * 60_000);
    // The first push of a listing is that of its mapping or strategy.
    await pushed(store, 1, 1, [T + 61_000, T + 62_000]);
    // Entry 2 of 120 s: computed after 4 s, pushed after 5.
    await pushed(store, 2, 2, [T + 124_000, T + 125_000]);
    // A strategy was saved.
    await pushed(store, 3, 2, [T + 150_000, T + 151_000]);
    await pushed(store, 4, 3, [T + 190_000, T + 191_000], 'failed');
    // Entry 4 of 238 s: computed after 2 s, pushed after 5.
    await moved(store, 4, T + 238_000);
    await pushed(store, 5, 4, [T + 240_000, T + 243_000]);
    await store.put({ key: keys.progress('stock-sync'), expect: 0, value: { computedUpToMs: T + 230_000 } });
    const delay = await readSyncDelay(store, new Map(), [SHOP]);
    expect(delay.samples.map(({ number, changedAtMs }) => [number, changedAtMs - T])).toEqual([
      [2, 120_000],
      [5, 238_000],
    ]);
    expect(delay).toMatchObject({
      computedUpToMs: T + 230_000,
      changeToComputed: { medianMs: 2_000, p95Ms: 4_000 },
      computedToPushed: { medianMs: 1_000, p95Ms: 3_000 },
      changeToPushed: { medianMs: 5_000, p95Ms: 5_000 },
    });
  });

  it('is reckoned once for each record of an instance', async () => {
    const store = new MemoryStore();
    const kept: KeptSamples = new Map();
    for (const n of [1, 2]) await moved(store, n, T);
    for (const n of [1, 2]) await pushed(store, n, n, [T + 1_000 + n, T + 2_000]);
    expect((await readSyncDelay(store, kept, [SHOP])).samples).toHaveLength(1);
    const read = jest.spyOn(store, 'getMany');
    expect((await readSyncDelay(store, kept, [SHOP])).samples).toHaveLength(1);
    expect(read.mock.calls.flatMap(([wanted]) => wanted)).toEqual([]);
  });

  it('is nothing where nothing was pushed', async () => {
    expect(await readSyncDelay(new MemoryStore(), new Map(), [SHOP])).toMatchObject({
      ...{ computedUpToMs: null, changeToComputed: null, samples: [] },
    });
  });
});
