import { storePlatformOrder } from '../../../shared/procedures/store-platform-orders';
import { cancelOrder } from '../../../shared/domain/order/apply-platform-update';
import type { DeliveryOrder } from '../../../shared/domain/order/delivery-order';
import { moveOrder } from '../../../shared/domain/order/delivery-order';
import type { ItemMapping } from '../../../shared/domain/order/item-mapping';
import type { PlatformOrder } from '../../../shared/domain/order/platform-order';
import type { ListingRef } from '../../../shared/ports/channel';
import { convertPlatformOrders } from '../../../shared/procedures/convert-platform-orders';
import { keys } from '../../../shared/procedures/keys';
import { LISTING, SHOP, StubRun } from '../../support/stub-run';
import { person, platformLine, platformOrder, SECOND, T } from '../domain/order/samples';

const ref = { shopId: SHOP.id, orderNo: '88001' };

/** Another listing of the same SKU, and of another line. */
const OTHER: ListingRef = { itemId: '777', platformSkuId: null };

const by = { content: '', actor: person, atMs: T };
const stays = (order: DeliveryOrder): DeliveryOrder => order;
const cancelled = (order: DeliveryOrder): DeliveryOrder => cancelOrder(order, by);
const picked = (order: DeliveryOrder): DeliveryOrder => {
  const audited = moveOrder({ ...order, status: 'pending-audit' }, 'audit', { type: '', ...by });
  return moveOrder(audited, 'pick', { type: '', ...by });
};

/** What a platform does to its shelf that leaves no trace in our ledgers has its listings read back. */
describe('a listing whose shelf moved without a movement of ours', () => {
  let run: StubRun;

  beforeEach(async () => {
    run = await new StubRun().withShop();
  });

  const convert = async (order: PlatformOrder): Promise<void> => {
    await storePlatformOrder(run.ports, SHOP, { orderNo: order.orderNo, text: JSON.stringify(order) }, T);
    await convertPlatformOrders(run.ports, [ref]);
  };
  const later = (fields: Partial<PlatformOrder>): PlatformOrder =>
    platformOrder({ modifiedAtMs: T + SECOND, ...fields });
  const resyncOf = async (listing: ListingRef) =>
    (await run.store.get<ItemMapping>(keys.mapping(SHOP.id, listing)))?.value.resync?.kind;
  /** Nothing is asked of it any more. */
  const settle = async (listing: ListingRef, skuId = 'TEE'): Promise<void> => {
    const stored = await run.store.get<ItemMapping>(keys.mapping(SHOP.id, listing));
    if (!stored) throw new Error('the listing is mapped');
    const value = { ...stored.value, skuId, resync: null };
    await run.store.put({ ...stored, expect: stored.version, value });
  };
  /** The order is converted, finds no stock, and is taken on. */
  const made = async (order: PlatformOrder, moved: (order: DeliveryOrder) => DeliveryOrder): Promise<void> => {
    await convert(order);
    const stored = await run.store.get<DeliveryOrder>(keys.deliveryOrder('tb#88001'));
    if (!stored) throw new Error('the order is converted');
    await run.store.put({ ...stored, expect: stored.version, value: moved(stored.value) });
    await settle(LISTING);
  };

  it('is that of a line that was refunded before its order came to us', async () => {
    const kept = platformLine({ lineNo: '2', ...OTHER });
    await convert(platformOrder({ lines: [platformLine({ refund: 'succeeded' }), kept] }));
    expect(await resyncOf(LISTING)).toBe('read-back');
    expect(await resyncOf(OTHER)).toBe('sku');
  });

  it.each([
    ['closed, and a person had cancelled it', cancelled, { status: 'closed' }],
    ['closed, and the warehouse has begun', picked, { status: 'closed' }],
    ['closed while it waits for its stock', stays, { status: 'closed' }],
    ['forfeited while it waits for its stock', stays, { deposit: 'forfeited' }],
  ] as const)('is that of an order that is %s: once', async (_name, moved, over) => {
    await made(platformOrder({ deposit: 'deposit-paid' }), moved);
    await convertPlatformOrders(run.ports, [ref]);
    expect(await resyncOf(LISTING)).toBeUndefined();
    await convert(later({ deposit: 'deposit-paid', ...over }));
    expect(await resyncOf(LISTING)).toBe('read-back');
    await settle(LISTING);
    await convertPlatformOrders(run.ports, [ref]);
    expect(await resyncOf(LISTING)).toBeUndefined();
  });

  it.each([
    ['closed', { status: 'closed' }],
    ['forfeited', { deposit: 'forfeited' }],
  ] as const)('is that of an order that is %s while it is parked for another listing', async (_name, over) => {
    const lines = [platformLine(), platformLine({ lineNo: '2', ...OTHER, merchantCode: 'other' })];
    await convert(platformOrder({ lines }));
    await settle(LISTING);
    await convert(later({ lines, ...over }));
    expect(await resyncOf(LISTING)).toBe('read-back');
  });

  it.each([
    ['is that of an order that is held, where the listing sells another SKU by now', 'CAP', 'read-back'],
    ['is not that of an order that is held: its release tells of it', 'TEE', undefined],
  ] as const)('%s', async (_name, skuId, kind) => {
    const entry = { number: 1, movements: [], balance: { onHandQty: 9, heldQty: 0 }, atMs: T };
    await run.store.put({ key: keys.ledgerEntry({ warehouseId: 'DC', skuId: 'TEE' }, 1), expect: 0, value: entry });
    await convert(platformOrder());
    await settle(LISTING, skuId);
    await convert(later({ status: 'closed' }));
    expect((await run.store.get<DeliveryOrder>(keys.deliveryOrder('tb#88001')))?.value.status).toBe('cancelled');
    expect(await resyncOf(LISTING)).toBe(kind);
  });

  it('is that of the former and of the new listing of a line that the buyer exchanged', async () => {
    await made(platformOrder(), stays);
    await convert(later({ lines: [platformLine(OTHER)] }));
    expect([await resyncOf(LISTING), await resyncOf(OTHER)]).toEqual(['read-back', 'read-back']);
    await settle(LISTING);
    await convertPlatformOrders(run.ports, [ref]);
    expect(await resyncOf(LISTING)).toBeUndefined();
  });

  it.each([
    ['is that of a line added to an order that a person had cancelled', cancelled, 'none', 'read-back'],
    ['is that of a line added while the warehouse has begun', picked, 'none', 'read-back'],
    ['is that of a line added and refunded at once', stays, 'succeeded', 'read-back'],
    ['is not that of a line added to an order that goes on: it is held', stays, 'none', 'sku'],
  ] as const)('%s', async (_name, moved, refund, kind) => {
    await made(platformOrder(), moved);
    await convert(later({ lines: [platformLine(), platformLine({ lineNo: '2', ...OTHER, refund })] }));
    expect(await resyncOf(OTHER)).toBe(kind);
  });

  it('is that of a line without a SKU of ours when a person cancelled the order, once the order closes', async () => {
    const lines = [platformLine(), platformLine({ lineNo: '2', ...OTHER, merchantCode: 'other' })];
    await made(platformOrder(), stays);
    await convert(later({ lines }));
    const stored = await run.store.get<DeliveryOrder>(keys.deliveryOrder('tb#88001'));
    if (!stored) throw new Error('the order is converted');
    await run.store.put({ ...stored, expect: stored.version, value: cancelled(stored.value) });
    await settle(OTHER, 'CAP');
    await convertPlatformOrders(run.ports, [ref]);
    await settle(OTHER, 'CAP');
    await convert(platformOrder({ modifiedAtMs: T + 2 * SECOND, lines, status: 'closed' }));
    expect(await resyncOf(OTHER)).toBe('read-back');
  });
});
