import { newApp } from '../../../functions/console/api';
import { addSkuRoutes } from '../../../functions/console/routes/sku-routes';
import { sweepConversions } from '../../../functions/document-conversion/convert-batch';
import { storePlatformOrder } from '../../../shared/procedures/store-platform-orders';
import type { ItemMapping } from '../../../shared/domain/order/item-mapping';
import type { ReceivedOrder } from '../../../shared/domain/order/received-order';
import type { Sku } from '../../../shared/domain/settings';
import { convertPlatformOrders } from '../../../shared/procedures/convert-platform-orders';
import { keys } from '../../../shared/procedures/keys';
import { mappingPlaces } from '../../../shared/procedures/map-listings';
import { LISTING, SHOP, StubRun } from '../../support/stub-run';
import { platformLine, platformOrder, T } from '../domain/order/samples';
import { MAPPING, save } from './synced-shop';

const UNMAPPED: ItemMapping = { ...MAPPING, skuId: null, source: 'merchant-code', merchantCode: 'NEW' };

/** Between the SKU and its listings nobody else looks. */
describe('a new SKU of which the code waits among the unmapped listings', () => {
  let run: StubRun;
  const mapping = async () => (await run.store.get<ItemMapping>(keys.mapping(SHOP.id, LISTING)))?.value.skuId;
  const list = () => save(run, keys.mapping(SHOP.id, LISTING), UNMAPPED, mappingPlaces(UNMAPPED, run.clock.nowMs()));
  const make = async (): Promise<number> => {
    Object.assign(run.config.secrets, { users: [{ token: 'admin-token', id: 'ops', name: '运营', role: 'admin' }] });
    const app = newApp();
    addSkuRoutes(app);
    const request = new Request('http://console/api/skus', {
      method: 'POST',
      headers: { authorization: 'Bearer admin-token', 'content-type': 'application/json' },
      body: JSON.stringify({ skus: [{ id: 'NEW', title: '新品' }] }),
    });
    return (await app.fetch(request, { run })).status;
  };
  /** Ten minutes of the sweep. */
  const sweep = async (): Promise<void> => {
    for (let minute = 0; minute < 10; minute += 1) {
      await run.clock.advance(60_000);
      await sweepConversions(run);
    }
  };

  beforeEach(async () => {
    run = await new StubRun().withShop();
  });

  it('is found by whoever makes it', async () => {
    await list();
    expect(await make()).toBe(200);
    expect(await mapping()).toBe('NEW');
  });

  it('is found by the sweep where its maker died behind the SKU, and the orders parked for it go on', async () => {
    const order = platformOrder({ lines: [platformLine({ merchantCode: 'NEW' })] });
    await storePlatformOrder(run.ports, SHOP, { orderNo: order.orderNo, text: JSON.stringify(order) }, T);
    const ref = { shopId: SHOP.id, orderNo: order.orderNo };
    await convertPlatformOrders(run.ports, [ref]);
    const dies = jest.spyOn(run.store, 'queryIndex').mockRejectedValue(new Error('killed'));
    await expect(make()).rejects.toThrow('killed');
    dies.mockRestore();
    expect(await mapping()).toBeNull();
    await sweep();
    expect(await mapping()).toBe('NEW');
    const head = await run.store.get<ReceivedOrder>(keys.platformOrder(ref.shopId, ref.orderNo));
    expect(head?.value.conversion).toBe('converted');
  });

  it('is found by the sweep where the listing was saved as unmapped a moment behind its maker’s look', async () => {
    expect(await make()).toBe(200);
    await list();
    await sweep();
    expect(await mapping()).toBe('NEW');
    const sku = await run.store.get<Sku>(keys.sku('NEW'));
    expect({ sku: sku?.value, open: sku?.places.open }).toEqual({
      sku: { id: 'NEW', title: '新品', version: 1 },
      open: undefined,
    });
  });
});
