import { auditDeliveryOrders } from '../../../functions/auto-audit/audit-delivery-orders';
import { storePlatformOrder } from '../../../shared/procedures/store-platform-orders';
import { pushRatioStock } from '../../../functions/ratio-sync-push/push-ratio-stock';
import type { DeliveryOrder } from '../../../shared/domain/order/delivery-order';
import type { LedgerEntry } from '../../../shared/domain/stock/ledger';
import type { IndexPlaces, Key } from '../../../shared/ports/store';
import { checkInvariants } from '../../../shared/procedures/check-invariants';
import { convertPlatformOrders } from '../../../shared/procedures/convert-platform-orders';
import { keys, recentLedgerPlace } from '../../../shared/procedures/keys';
import { SHOP, StubRun } from '../../support/stub-run';
import { ALWAYS, platformLine, platformOrder, T } from '../domain/order/samples';

export const LEDGER = { warehouseId: 'DC', skuId: 'TEE' };
export const ORDER = keys.deliveryOrder('tb#88001');
export const HEAD = keys.platformOrder('tb', '88001');

/** 9 pieces came in, an order of 2 is audited, and the shop shows the other 7. */
export async function soundRun(): Promise<StubRun> {
  const run = await new StubRun().withShop();
  const { store } = run;
  const receipt = {
    id: 'receipt#E1@DC/TEE/receipt/1',
    kind: 'receipt',
    qty: 9,
    source: { type: 'receipt', id: 'E1' },
  } as const;
  const entry: LedgerEntry = { number: 1, movements: [receipt], balance: { onHandQty: 9, heldQty: 0 }, atMs: T };
  const places = { list: recentLedgerPlace(LEDGER, entry) };
  await store.put({ key: keys.ledgerEntry(LEDGER, 1), expect: 0, value: entry, places });
  const lines = [{ skuId: 'TEE', qty: 9 }];
  const actor = { kind: 'system', id: 'stock' } as const;
  const log = [{ no: 1, type: '入库', content: '已过账', actor, atMs: T, status: 'posted' }];
  const posted = { id: 'E1', type: 'receipt', warehouseId: 'DC', lines, status: 'posted', work: null, log };
  await store.put({ key: keys.stockEntry('E1'), expect: 0, value: posted });
  await store.put({ key: keys.auditStrategy('A'), expect: 0, value: ALWAYS });
  const ratio = {
    id: 'R',
    name: 'R',
    enabled: true,
    shopIds: ['tb'],
    skuIds: null,
    warehouseIds: ['DC'],
    ratioBp: 10_000,
  };
  const always = { priority: 0, validFromMs: null, validToMs: null, version: 1, resync: null };
  await store.put({ key: keys.ratioStrategy('R'), expect: 0, value: { ...ratio, ...always } });
  const shop = { shopId: 'tb', stockSyncEnabled: true, reserveQty: 0, maxQty: null, version: 1, resync: null };
  await store.put({ key: keys.shopStrategy('tb'), expect: 0, value: shop });
  const text = JSON.stringify(platformOrder({ lines: [platformLine({ quantity: 2 })] }));
  await storePlatformOrder(run.ports, SHOP, { orderNo: '88001', text }, T);
  await convertPlatformOrders(run.ports, [{ shopId: 'tb', orderNo: '88001' }]);
  await auditDeliveryOrders(run.ports, ['tb#88001']);
  await pushRatioStock(run);
  return run;
}

export async function found(run: StubRun, atRest = true): Promise<string[]> {
  const readShown = async (): Promise<number> => run.channel.shownQty;
  const options = { channels: run.ports.channels, nowMs: run.clock.nowMs(), atRest, readShown };
  const violations: string[] = [];
  for await (const { invariant, what } of checkInvariants(run.store, options)) violations.push(`${invariant}: ${what}`);
  return violations;
}

/** Overwrites a document as no function of ours would. */
export async function spoil<T extends object>(
  run: StubRun,
  key: Key,
  change: (value: T) => Partial<T>,
  places?: IndexPlaces,
): Promise<void> {
  const stored = await run.store.get<T>(key);
  const value = { ...(stored?.value as T), ...change(stored?.value as T) };
  await run.store.put({ key, expect: stored?.version ?? 0, value, places: places ?? stored?.places ?? {} });
}

export const withHold = (order: DeliveryOrder, fields: object): Partial<DeliveryOrder> => ({
  holds: order.holds.map((hold) => ({ ...hold, ...fields })),
});
