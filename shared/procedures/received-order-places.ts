import { sortable } from '../domain/kernel/ids';
import type { ReceivedOrder } from '../domain/order/received-order';
import type { IndexPlaces } from '../ports/store';
import { keys, openPlace, unmappedPartition } from './keys';

/** A waiting platform order is swept up after this time: the queue normally needs far less. */
const SWEEP_AFTER_MS = 10_000;

/** Where a platform order stands in the indexes: waiting, parked for one listing at a time, or only listed. */
export function receivedOrderPlaces(order: ReceivedOrder, nowMs: number): IndexPlaces {
  const key = keys.platformOrder(order.shopId, order.orderNo);
  const sort = `${sortable(order.createdAtMs)}#${order.orderNo}`;
  const list = { partition: `platform-order#${order.shopId}`, sort };
  const [firstUnmapped] = order.unmapped;
  if (order.conversion === 'waiting') return { list, open: openPlace('conversion', key, nowMs + SWEEP_AFTER_MS) };
  if (firstUnmapped !== undefined)
    return { list, open: { partition: unmappedPartition(order.shopId, firstUnmapped), sort } };
  return { list };
}
