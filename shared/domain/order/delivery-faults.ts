import type { DeliveryLine, DeliveryOrder } from './delivery-order';
import { platformFacts } from './delivery-order';
import { isLive } from './delivery-states';
import type { PlatformOrder, PlatformOrderLine } from './platform-order';
import { isOver } from './platform-order';

/** Statuses in which an order has been found good for the warehouse: every piece is held, and no movement is on its way. */
const RELEASED: readonly DeliveryOrder['status'][] = ['audited', 'picking'];

/** Statuses that a delivery order may have whose platform order is over: a parcel on its way is for a person to stop. */
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
  if (isOver(order) && !ENDED.includes(delivery.status))
    faults.push(
      `the platform order is ${order.status === 'closed' ? 'closed' : 'forfeited'}, it is ${delivery.status}`,
    );
  return [...faults, ...holdFaults(delivery)];
}

/** Whether what it holds fits its own lines and status. Summed here anew: the order's own sums are what is checked. */
function holdFaults(delivery: DeliveryOrder): string[] {
  const faults: string[] = [];
  const wanted = new Map<string, number>();
  for (const { skuId, quantity, refund } of delivery.lines) {
    if (refund !== 'succeeded') wanted.set(skuId, (wanted.get(skuId) ?? 0) + quantity);
  }
  const live = isLive(delivery.status);
  if (!live && delivery.goal === 'hold') faults.push(`it is ${delivery.status} and means to keep its stock`);
  if (!live || delivery.goal !== 'hold') return faults;
  for (const [skuId, qty] of wanted) {
    if (!delivery.holds.some((hold) => hold.skuId === skuId))
      faults.push(`it has lines of ${qty} ${skuId} and no hold`);
  }
  for (const hold of delivery.holds) {
    const qty = wanted.get(hold.skuId) ?? 0;
    if (hold.wantedQty !== qty) faults.push(`it wants ${hold.wantedQty} of ${hold.skuId}, its lines sum to ${qty}`);
    if (RELEASED.includes(delivery.status) && (hold.intent !== null || hold.heldQty !== qty)) {
      faults.push(`it is ${delivery.status} and holds ${hold.heldQty} of ${hold.skuId}, its lines sum to ${qty}`);
    }
  }
  return faults;
}

/** What it would still have to do about its stock, where nothing is in motion any more. */
export function unsettledHolds(delivery: DeliveryOrder): string[] {
  // What an exception 异常 holds is for a person to say.
  if (delivery.status === 'exception')
    return delivery.holds.flatMap(({ intent }) => (intent ? [`movement ${intent.id} is left open`] : []));
  return delivery.holds.flatMap(({ skuId, heldQty, wantedQty, intent, lacking }) => {
    if (intent) return [`movement ${intent.id} is left open`];
    const keeps = isLive(delivery.status) && delivery.goal === 'hold';
    if (!keeps) return heldQty === 0 ? [] : [`it is ${delivery.status} and still holds ${heldQty} of ${skuId}`];
    const waits = delivery.status === 'out-of-stock' && lacking && heldQty < wantedQty;
    return heldQty === wantedQty || waits ? [] : [`it wants ${wantedQty} of ${skuId} and holds ${heldQty}`];
  });
}
