import type { DeliveryLine, DeliveryOrder } from './delivery-order';
import { platformFacts, wantedBySku } from './delivery-order';
import type { PlatformOrder, PlatformOrderLine } from './platform-order';

/** Statuses in which an order has been found good for the warehouse: every piece is held, and no movement is on its way. */
const RELEASED: readonly DeliveryOrder['status'][] = ['audited', 'picking'];

/** Statuses that a delivery order may have whose platform order is closed: a parcel on its way is for a person to stop. */
const ENDED: readonly DeliveryOrder['status'][] = ['cancelled', 'shipped', 'exception'];

/** In what a delivery order says otherwise than the platform order that it was converted from. */
export function deliveryFaults(order: PlatformOrder, delivery: DeliveryOrder): string[] {
  const faults: string[] = [];
  const lineText = (line: DeliveryLine | PlatformOrderLine): string =>
    JSON.stringify([
      line.lineNo,
      line.itemId,
      line.platformSkuId,
      line.quantity,
      line.unitPriceFen,
      line.paidFen,
      line.refund,
    ]);
  const [said, kept] = [order.lines.map(lineText).sort(), delivery.lines.map(lineText).sort()];
  if (said.join() !== kept.join()) faults.push(`its lines are ${kept.join()}, the platform says ${said.join()}`);
  if (JSON.stringify(platformFacts(order)) !== JSON.stringify(delivery.platform)) {
    faults.push(
      `it knows the platform order as of ${delivery.platform.modifiedAtMs} (${delivery.platform.status}), newest is ${order.modifiedAtMs} (${order.status})`,
    );
  }
  if (order.status === 'closed' && !ENDED.includes(delivery.status))
    faults.push(`the platform order is closed, it is ${delivery.status}`);
  return [...faults, ...holdFaults(delivery)];
}

/** Whether what it holds fits its own lines and status. */
function holdFaults(delivery: DeliveryOrder): string[] {
  const faults: string[] = [];
  const wanted = wantedBySku(delivery.lines);
  const live = delivery.goal === 'hold' && delivery.status !== 'cancelled' && delivery.status !== 'shipped';
  if (live && [...wanted.keys()].some((skuId) => !delivery.holds.some((hold) => hold.skuId === skuId))) {
    faults.push('a line has no hold');
  }
  for (const hold of delivery.holds) {
    const lines = wanted.get(hold.skuId) ?? 0;
    if (live && hold.wantedQty !== lines)
      faults.push(`it wants ${hold.wantedQty} of ${hold.skuId}, its lines sum to ${lines}`);
    if (live && RELEASED.includes(delivery.status) && (hold.intent !== null || hold.heldQty !== lines)) {
      faults.push(
        `it is ${delivery.status} and holds ${hold.heldQty} of ${hold.skuId} where its lines sum to ${lines}`,
      );
    }
  }
  return faults;
}
