import { applyPlatformUpdate, cancelOrder } from '../../shared/domain/order/apply-platform-update';
import type { DeliveryOrder } from '../../shared/domain/order/delivery-order';
import { moveOrder } from '../../shared/domain/order/delivery-order';
import { statusAfter } from '../../shared/domain/order/delivery-states';
import type { PlatformOrder } from '../../shared/domain/order/platform-order';
import type { AllocationOrder } from '../../shared/domain/stock/allocation-order';
import { allocationPlan, beginAllocationAudit } from '../../shared/domain/stock/allocation-order';
import type { MovementRequest } from '../../shared/domain/stock/ledger';
import { startStockWork } from '../../shared/domain/stock/stock-work';
import { driveDeliveryOrders } from '../../shared/procedures/drive-delivery-orders';
import {
  driveAllocationOrder,
  driveStockDocument,
  stockDocumentPlaces,
} from '../../shared/procedures/drive-stock-documents';
import { keys } from '../../shared/procedures/keys';
import { postMovements, readLedgers, seenIn } from '../../shared/procedures/post-movements';
import {
  byMerchantCode,
  converted,
  person,
  platformLine,
  platformOrder,
  T,
  WAREHOUSE,
} from '../unit/domain/order/samples';
import type { Model } from './explore';

// Who moves stock in the models, and the documents that they move it for.

export type Worker = Model['workers'][number];

const clock = { nowMs: () => T, sleep: () => Promise.reject(new Error('nobody sleeps in a model')) };

/** Messages are hints: whoever would have them is a worker of the model anyway. */
const bus = { publish: async () => undefined };

export const TARGET = 'DIST';

const by = { actor: person, atMs: T };

const linesOf = (skuIds: readonly string[]) =>
  skuIds.map((merchantCode, i) => platformLine({ lineNo: String(i + 1), itemId: `${i}`, merchantCode }));

/** An order of one piece of each SKU, converted and not yet driven. */
export function orderOf(orderNo: string, skuIds: readonly string[]): DeliveryOrder {
  return converted(platformOrder({ orderNo, lines: linesOf(skuIds) }));
}

/** An allocation order of one piece of each SKU, whose audit has not begun. */
export function allocationOf(id: string, skuIds: readonly string[]): AllocationOrder {
  return {
    ...{ id, sourceWarehouseId: WAREHOUSE, targetWarehouseId: TARGET, status: 'saved', attempt: 0, work: null },
    ...{ lines: skuIds.map((skuId) => ({ skuId, qty: 1 })), lacking: [], createdAtMs: T },
    log: [{ no: 1, type: '新增', content: '新增分货单', ...by, status: 'saved' }],
  };
}

type Change = (order: DeliveryOrder) => DeliveryOrder;

/** Drives orders in one batch until nothing about their stock is due, as the queue, a sweep and a person's button do. */
export const drive =
  (ids: readonly string[], change: Change = (order) => order): Worker =>
  async (store) => {
    for (let left = ids; left.length > 0; ) {
      const read = await store.getMany<DeliveryOrder>(left.map((id) => keys.deliveryOrder(id)));
      const drafts = read.map((stored) => {
        if (!stored) throw new Error(`there is no order among ${left.join()}`);
        const order = change(stored.value);
        return { version: stored.version, order, changed: order !== stored.value };
      });
      const { results } = await driveDeliveryOrders({ store, clock }, drafts);
      left = left.filter((_, i) => results[i]?.kind !== 'done');
    }
  };

/** A person cancels one order; others are driven in the same batch. */
export const cancel = (id: string, others: readonly string[] = []): Worker =>
  drive([id, ...others], (order) =>
    order.id === id && order.goal === 'hold' && order.status !== 'cancelled'
      ? cancelOrder(order, { content: '买家取消', ...by })
      : order,
  );

/** The warehouse begins with an order that the rules passed. */
export const pick = (id: string): Worker =>
  drive([id], (order) => {
    if (order.status !== 'pending-audit') return order;
    const audited = moveOrder(order, 'audit', { type: '订单审核', content: '人工审核', ...by });
    return moveOrder(audited, 'pick', { type: '配货', content: '仓库开始配货', ...by });
  });

/** Refused, as the button is, where the order may not leave. */
export const ship = (id: string): Worker =>
  drive([id], (order) =>
    order.goal !== 'ship' && statusAfter(order.status, 'ship') !== undefined ? { ...order, goal: 'ship' } : order,
  );

/** The platform says something newer of an order. */
const update = (
  id: string,
  skuIds: readonly string[],
  says: (order: PlatformOrder) => Partial<PlatformOrder>,
): Worker =>
  drive([id], (order) => {
    const before = platformOrder({ orderNo: order.orderNo, lines: linesOf(skuIds), modifiedAtMs: T + 1 });
    return applyPlatformUpdate(order, { ...before, ...says(before) }, { skuOf: byMerchantCode, nowMs: T });
  });

export const close = (id: string, skuIds: readonly string[]): Worker =>
  update(id, skuIds, () => ({ status: 'closed' }));

/** The buyer has the money of the last line back. */
export const refundLast = (id: string, skuIds: readonly string[]): Worker =>
  update(id, skuIds, ({ lines }) => ({
    lines: lines.map((line, i) => (i === lines.length - 1 ? { ...line, refund: 'succeeded' } : line)),
  }));

/** A person audits an allocation order, as its button does. */
export const audit =
  (id: string): Worker =>
  async (store) => {
    const stored = await store.get<AllocationOrder>(keys.allocationOrder(id));
    if (stored?.value.status !== 'saved') return;
    const plan = allocationPlan(stored.value);
    const ledgers = await readLedgers(store, [...plan.outgoing, ...plan.incoming]);
    const work = startStockWork(plan, stored.value.attempt + 1, seenIn(ledgers));
    const value = beginAllocationAudit(stored.value, work, by);
    const places = stockDocumentPlaces('allocation-order', stored.key, value, T);
    if ((await store.put({ key: stored.key, expect: stored.version, value, places })) === 'conflict') return;
    await driveAllocationOrder({ store, clock, bus }, { ...stored, version: stored.version + 1, value }, ledgers);
  };

/** What the sweep does with an allocation order whose audit has begun. */
export const sweep =
  (id: string): Worker =>
  (store) =>
    driveStockDocument({ store, clock, bus }, keys.allocationOrder(id));

function receiptOf(receiptId: string, skuId: string): MovementRequest {
  const id = `${receiptId}/${skuId}`;
  const intent = { id, warehouseId: WAREHOUSE, skuId, kind: 'receipt', qty: 1, seenNumber: 0 } as const;
  return { intent, source: { type: 'receipt', id: receiptId }, wanted: true };
}

/** One piece more comes in; who does it twice means the same piece. */
export const receive =
  (skuId: string, receiptId = 'RK-1'): Worker =>
  async (store) => {
    await postMovements({ store, clock }, [receiptOf(receiptId, skuId)]);
  };
