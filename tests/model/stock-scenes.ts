import type { DeliveryOrder } from '../../shared/domain/order/delivery-order';
import { withIntents } from '../../shared/domain/order/delivery-order';
import type { AllocationOrder } from '../../shared/domain/stock/allocation-order';
import { deliveryOrderPlaces } from '../../shared/procedures/drive-delivery-orders';
import { stockDocumentPlaces } from '../../shared/procedures/drive-stock-documents';
import { keys } from '../../shared/procedures/keys';
import { T } from '../unit/domain/order/samples';
import type { Model } from './explore';
import { faultsAtRest, faultsNow } from './stock-faults';
import type { Worker } from './stock-workers';
import {
  allocationOf,
  audit,
  cancel,
  close,
  drive,
  orderOf,
  pick,
  receive,
  refundLast,
  ship,
  sweep,
} from './stock-workers';

export interface Scene {
  readonly orders?: readonly DeliveryOrder[];
  readonly allocations?: readonly AllocationOrder[];
  /** Pieces on the shelf before. */
  readonly stock: Readonly<Record<string, number>>;
  /** Orders stand as they were converted, not with the intents that a crash of an earlier worker would leave. */
  readonly fresh?: boolean;
  /** Done before, one after the other. */
  readonly before?: readonly Worker[];
  readonly workers: readonly Worker[];
}

/** With one crash, of whichever worker, at any step. */
export function modelOf(scene: Scene, workers: readonly Worker[]): Model {
  const { orders = [], allocations = [], stock, fresh = false, before = [] } = scene;
  return {
    ...{ workers, faultsNow, crashesMax: 1 },
    prepare: async (store) => {
      for (const [skuId, qty] of Object.entries(stock)) {
        for (let piece = 0; piece < qty; piece += 1) await receive(skuId, `RK-0-${piece}`)(store);
      }
      for (const order of orders) {
        const value = fresh ? order : withIntents(order, (skuId) => stock[skuId] ?? 0);
        await store.put({ key: keys.deliveryOrder(order.id), expect: 0, value, places: deliveryOrderPlaces(value, T) });
      }
      for (const value of allocations) {
        const key = keys.allocationOrder(value.id);
        await store.put({ key, expect: 0, value, places: stockDocumentPlaces('allocation-order', key, value, T) });
      }
      for (const work of before) await work(store);
    },
    faultsAtEnd: async (store) => {
      // What a sweep does: it drives on whatever a crash has left.
      for (const { id } of orders) await drive([id])(store);
      for (const { id } of allocations) await sweep(id)(store);
      return faultsAtRest(await store.scan(undefined, 1_000));
    },
  };
}

const A = orderOf('1', ['TEE', 'CAP']);
const B = orderOf('2', ['TEE']);
const C = orderOf('3', ['TEE']);
const D = orderOf('4', ['TEE']);
const TEE_ONLY = C;
const BOTH = ['TEE', 'CAP'];
const MOVE = allocationOf('FH-1', BOTH);
const MOVE_ONE = allocationOf('FH-2', ['TEE']);

export const SCENES = {
  'two orders compete for the last piece, one of them with a second SKU': {
    ...{ orders: [A, B], stock: { TEE: 1, CAP: 1 } },
    workers: [drive([A.id]), drive([B.id])],
  },
  'two workers drive the same order': {
    ...{ orders: [TEE_ONLY], stock: { TEE: 1 } },
    workers: [drive([TEE_ONLY.id]), drive([TEE_ONLY.id])],
  },
  'an order is cancelled while it is driven': {
    ...{ orders: [TEE_ONLY], stock: { TEE: 1 } },
    workers: [drive([TEE_ONLY.id]), cancel(TEE_ONLY.id)],
  },
  'an order that lacks stock is driven twice while its stock comes in': {
    ...{ orders: [TEE_ONLY], stock: {} },
    workers: [drive([TEE_ONLY.id]), drive([TEE_ONLY.id]), receive('TEE')],
  },
  'a receipt is posted twice while an order waits for it': {
    ...{ orders: [TEE_ONLY], stock: {} },
    workers: [receive('TEE'), receive('TEE'), drive([TEE_ONLY.id])],
  },
  'an order of two SKUs is cancelled while it is driven': {
    ...{ orders: [A], stock: { TEE: 1, CAP: 1 } },
    workers: [drive([A.id]), cancel(A.id)],
  },
  'an order that holds two SKUs is cancelled twice': {
    ...{ orders: [A], stock: { TEE: 1, CAP: 1 }, before: [drive([A.id])] },
    workers: [cancel(A.id), cancel(A.id)],
  },
  'an order that holds two SKUs is cancelled while another wants one of its pieces': {
    ...{ orders: [A, B], stock: { TEE: 1, CAP: 1 }, before: [drive([A.id])] },
    workers: [cancel(A.id), drive([B.id])],
  },
  'one of two lines is refunded while the order is driven': {
    ...{ orders: [A], stock: { TEE: 1, CAP: 1 } },
    workers: [drive([A.id]), refundLast(A.id, BOTH)],
  },
  'an order of two SKUs is shipped twice': {
    ...{ orders: [A], stock: { TEE: 1, CAP: 1 }, before: [drive([A.id]), pick(A.id)] },
    workers: [ship(A.id), ship(A.id)],
  },
  'an order is shipped while the platform closes it and another wants its piece': {
    ...{ orders: [B, C], stock: { TEE: 1 }, before: [drive([B.id]), pick(B.id)] },
    workers: [ship(B.id), close(B.id, ['TEE']), drive([C.id])],
  },
  'two batches carry the same two orders, one of them with a second SKU': {
    ...{ orders: [A, B], stock: { TEE: 1, CAP: 1 } },
    workers: [drive([A.id, B.id]), drive([B.id, A.id])],
  },
  'two batches of new orders have one of them in common': {
    ...{ orders: [B, C, D], stock: { TEE: 2 }, fresh: true },
    workers: [drive([B.id, C.id]), drive([C.id, D.id])],
  },
  'one batch gives back for one order and holds for another, which is driven beside it': {
    ...{ orders: [B, C], stock: { TEE: 1 }, before: [drive([B.id])] },
    workers: [cancel(B.id, [C.id]), drive([C.id])],
  },
  'an allocation order of two SKUs is audited twice': {
    ...{ allocations: [MOVE], stock: { TEE: 1, CAP: 1 } },
    workers: [audit(MOVE.id), audit(MOVE.id)],
  },
  'an allocation order is swept while it is driven': {
    ...{ allocations: [MOVE_ONE], stock: { TEE: 1 } },
    workers: [audit(MOVE_ONE.id), sweep(MOVE_ONE.id)],
  },
  'an allocation order of two SKUs, one of which lacks, is swept while it is driven': {
    ...{ allocations: [MOVE], stock: { TEE: 1 } },
    workers: [audit(MOVE.id), sweep(MOVE.id)],
  },
  'an allocation order is swept while it is driven and its piece comes in': {
    ...{ allocations: [MOVE_ONE], stock: {} },
    workers: [audit(MOVE_ONE.id), sweep(MOVE_ONE.id), receive('TEE')],
  },
  'an allocation order of two SKUs and an order compete for the last piece': {
    ...{ allocations: [MOVE], orders: [B], stock: { TEE: 1, CAP: 1 } },
    workers: [audit(MOVE.id), drive([B.id])],
  },
} as const satisfies Record<string, Scene>;

export type SceneName = keyof typeof SCENES;
