import { newApp } from '../../../functions/console/api';
import { addMappingRoutes } from '../../../functions/console/routes/mapping-routes';
import { pushRatioStock } from '../../../functions/ratio-sync-push/push-ratio-stock';
import type { ItemMapping } from '../../../shared/domain/order/item-mapping';
import type { LedgerEntry } from '../../../shared/domain/stock/ledger';
import { keys } from '../../../shared/procedures/keys';
import { askReadBack, mappingPlaces } from '../../../shared/procedures/map-listings';
import { LISTING, SHOP, StubChannel, StubRun } from '../../support/stub-run';
import { MAPPING, save, STRATEGY, SWITCHES } from './synced-shop';

describe('a SKU that two shops share to the last piece', () => {
  let run: StubRun;
  const other = new StubChannel();

  const push = async (): Promise<void> => {
    for (let i = 0; i < 3; i += 1) {
      await run.clock.advance(10_000);
      await pushRatioStock(run);
    }
  };
  const saveMapping = async (skuId: string): Promise<void> => {
    const app = newApp();
    addMappingRoutes(app);
    const stored = await run.store.get<ItemMapping>(keys.mapping(SHOP.id, LISTING));
    const body = { shopId: SHOP.id, ...LISTING, skuId, version: stored?.value.version ?? 0 };
    const request = new Request('http://console/api/mappings', {
      method: 'PUT',
      headers: { authorization: 'Bearer admin-token', 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect((await app.fetch(request, { run })).status).toBe(200);
  };

  // Three pieces: two are shown in 'dd' while both list them, one where it is alone with its half.
  beforeEach(async () => {
    run = await new StubRun().withShop();
    Object.assign(run.config.secrets, { users: [{ token: 'admin-token', id: 'ops', name: '运营', role: 'admin' }] });
    Object.assign(run.ports.channels, { doudian: other });
    await save(run, keys.sku('CAP'), { id: 'CAP', title: '帽子', version: 1 });
    const entry: LedgerEntry = { number: 1, movements: [], balance: { onHandQty: 3, heldQty: 0 }, atMs: 0 };
    await save(run, keys.ledgerEntry({ warehouseId: 'DC', skuId: 'TEE' }, 1), entry);
    await save(run, keys.shop('dd'), { ...SHOP, id: 'dd', channel: 'doudian' });
    for (const shopId of ['tb', 'dd']) await save(run, keys.shopStrategy(shopId), { ...SWITCHES, shopId });
    await save(run, keys.ratioStrategy('R1'), { ...STRATEGY, shopIds: ['tb', 'dd'], ratioBp: 5_000 });
    const listed: ItemMapping = { ...MAPPING, shopId: 'dd', resync: { kind: 'sku', skuId: 'TEE' } };
    await save(run, keys.mapping('dd', LISTING), listed, mappingPlaces(listed, run.clock.nowMs()));
    await push();
    expect(other.shownQty).toBe(1);
    await saveMapping('TEE');
  });

  it('is shared out anew once the second of them lists it', async () => {
    await push();
    expect([other.shownQty, run.channel.shownQty]).toEqual([2, 1]);
  });

  it('is shared out anew also where the listing is to be read back before anything was done about it', async () => {
    await askReadBack(run.ports, SHOP.id, [LISTING]);
    await push();
    expect([other.shownQty, run.channel.shownQty]).toEqual([2, 1]);
  });

  it('is shared out anew where the listing sells another SKU from now on', async () => {
    await push();
    await saveMapping('CAP');
    await push();
    expect([other.shownQty, run.channel.shownQty]).toEqual([1, 0]);
  });

  it('is shared out anew where the listing is saved twice, and read back, before anything was done about it', async () => {
    await push();
    await saveMapping('CAP');
    await askReadBack(run.ports, SHOP.id, [LISTING]);
    await saveMapping('CAP');
    await push();
    expect([other.shownQty, run.channel.shownQty]).toEqual([1, 0]);
    expect((await run.store.get<ItemMapping>(keys.mapping(SHOP.id, LISTING)))?.value.resync).toBeNull();
  });
});
