import { syncSkus } from '../../../functions/ratio-sync-push/push-ratio-stock';
import { ShopTurns } from '../../../functions/ratio-sync-push/shop-turns';
import type { LedgerEntry } from '../../../shared/domain/stock/ledger';
import type { SyncRecord } from '../../../shared/domain/sync/sync-record';
import { keys } from '../../../shared/procedures/keys';
import { mappingPlaces } from '../../../shared/procedures/map-listings';
import { LISTING, SHOP, StubRun } from '../../support/stub-run';
import { MAPPING, save, STRATEGY, SWITCHES } from './synced-shop';

type Movement = LedgerEntry['movements'][number];

describe('a shop whose orders are shipped from a warehouse that its quantity does not come from', () => {
  let run: StubRun;
  const entries: Record<string, number> = { DC: 0, FAR: 0 };

  const enter = async (warehouseId: 'DC' | 'FAR', onHandQty: number, movements: readonly Partial<Movement>[]) => {
    const number = (entries[warehouseId] ?? 0) + 1;
    entries[warehouseId] = number;
    const entry = { number, movements, balance: { onHandQty, heldQty: 0 }, atMs: run.clock.nowMs() };
    await save(run, keys.ledgerEntry({ warehouseId, skuId: 'TEE' }, number), entry);
  };
  const sold = (shopId: string, qty: number): Partial<Movement> => ({
    ...{ kind: 'hold', qty },
    source: { type: 'delivery-order', id: `${shopId}#1`, shopId },
  });
  const last = async () =>
    (await run.store.query<SyncRecord>(keys.syncPartition(SHOP.id, LISTING), { limit: 1, descending: true }))[0]?.value;
  const push = () => syncSkus(run, ['TEE'], { verify: false, turns: new ShopTurns() });

  // Five pieces are in DC, and shown; orders may be shipped from FAR, too.
  beforeEach(async () => {
    Object.assign(entries, { DC: 0, FAR: 0 });
    run = await new StubRun().withShop();
    await save(run, keys.shop(SHOP.id), { ...SHOP, warehouseIds: ['FAR', 'DC'] });
    await save(run, keys.shopStrategy(SHOP.id), SWITCHES);
    await save(run, keys.ratioStrategy('R1'), STRATEGY);
    await save(run, keys.mapping(SHOP.id, LISTING), MAPPING, mappingPlaces(MAPPING, run.clock.nowMs()));
    await enter('DC', 5, []);
    await enter('FAR', 9, []);
    await push();
    expect(run.channel.shownQty).toBe(5);
  });

  it('shows its quantity again after a sale from that warehouse', async () => {
    run.channel.shownQty = 3;
    await enter('FAR', 7, [sold(SHOP.id, 2)]);
    await push();
    expect(run.channel.shownQty).toBe(5);
    expect((await last())?.elsewhere).toEqual([{ warehouseId: 'FAR', ledgerNumber: 2 }]);
  });

  it('shows its quantity again after a sale from a warehouse that was taken from the shop or the strategy since', async () => {
    await save(run, keys.shop(SHOP.id), { ...SHOP, warehouseIds: ['DC'] });
    run.channel.shownQty = 4;
    await enter('FAR', 8, [sold(SHOP.id, 1)]);
    await push();
    expect(run.channel.shownQty).toBe(5);
    await save(run, keys.ratioStrategy('R1'), { ...STRATEGY, warehouseIds: ['FAR'], version: 2 });
    await push();
    expect(run.channel.shownQty).toBe(8);
    run.channel.shownQty = 6;
    await enter('DC', 3, [sold(SHOP.id, 2)]);
    await push();
    expect(run.channel.shownQty).toBe(8);
  });

  it('is left in peace by what others sell from there, and by what comes in', async () => {
    await enter('FAR', 7, [sold('other', 2)]);
    await enter('FAR', 17, []);
    await push();
    expect(run.channel.written).toHaveLength(1);
  });

  it('is brought to its quantity once where the last record knows nothing of that warehouse', async () => {
    await save(run, keys.syncRecord(SHOP.id, LISTING, 1), { ...(await last()), elsewhere: undefined });
    await push();
    await push();
    expect(run.channel.written).toHaveLength(2);
  });
});
