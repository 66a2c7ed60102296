import type { PlatformOrder } from './platform-order';
import { isOver, takesStock } from './platform-order';
import type { ConversionState, ReceivedOrder } from './received-order';

/** In what the head of a platform order says otherwise than the newest text that we hold of it. */
export function headFaults(head: ReceivedOrder, newest: PlatformOrder): string[] {
  const faults: string[] = [];
  if (head.status !== newest.status) faults.push(`the head says ${head.status}, its newest version ${newest.status}`);
  if (head.modifiedAtMs !== newest.modifiedAtMs)
    faults.push(`the head is of ${head.modifiedAtMs}, its newest version of ${newest.modifiedAtMs}`);
  return faults;
}

/**
 * What conversion may have come to with an order as its newest version says it, where everything has been driven to its
 * end: an order that takes stock has a delivery order, or waits for a mapping. One that came to have a delivery order
 * goes on with it, shipped or not.
 */
export function conversionStates(order: PlatformOrder, hasDelivery: boolean): readonly ConversionState[] {
  if (hasDelivery) return isOver(order) ? ['closed', 'unmapped'] : ['converted', 'unmapped'];
  if (isOver(order)) return ['closed'];
  if (order.status === 'shipped' || order.status === 'finished') return ['shipped-elsewhere'];
  return takesStock(order) ? ['unmapped'] : ['not-due'];
}
