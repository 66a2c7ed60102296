import type { Coverage } from '../../functions/order-ingestion/pull-modified';
import type { DeliveryOrder } from '../../shared/domain/order/delivery-order';
import type { PlatformOrder } from '../../shared/domain/order/platform-order';
import { isOver, takesStock } from '../../shared/domain/order/platform-order';
import type { QuarantinedItem, ReceivedOrder } from '../../shared/domain/order/received-order';
import { isAside } from '../../shared/domain/order/received-order';
import { keys } from '../../shared/procedures/keys';
import type { Finding } from './finding';
import { aboutOrder, documentOf } from './finding';
import type { FrozenStore } from './frozen-store';
import type { Platform } from './platform';

/** What is known of a platform here: its shop, and the orders as they are there. */
type Truth = Pick<Platform, 'shopId' | 'orders'>;

/** Platforms count modified times in seconds, and a list is a moment old when it comes. */
const COVERAGE_SLACK_MS = 2_000;

/**
 * The platforms' truth at rest: of each order we hold what it is there, those too that stood in quarantine; each that
 * takes stock there has its delivery order, each closed one holds nothing.
 */
export function ordersMissed(store: FrozenStore, platforms: readonly Truth[]): Finding[] {
  const missed: Finding[] = [];
  for (const { shopId, orders } of platforms) {
    for (const order of orders.values()) {
      const { orderNo, status } = order;
      const say = (what: string): void =>
        void missed.push({ what: `${shopId} ${orderNo} ${what}`, about: aboutOrder(shopId, orderNo) });
      const differs = unlikeHeld(store, shopId, order);
      if (differs !== undefined) say(differs);
      const delivery = store.find<DeliveryOrder>(keys.deliveryOrder(`${shopId}#${orderNo}`))?.value;
      if (takesStock(order) && !delivery) say(`is ${status} on the platform and has no delivery order`);
      const given = !delivery || ['cancelled', 'shipped', 'exception'].includes(delivery.status);
      if (isOver(order) && !given) say(`is over on the platform, the delivery order is ${delivery.status}`);
    }
  }
  return missed;
}

/** How an order on its platform differs from what we hold of it, down to what its newest version says. */
function unlikeHeld(store: FrozenStore, shopId: string, order: PlatformOrder): string | undefined {
  const { orderNo, modifiedAtMs, platformStatus } = order;
  const head = store.find<ReceivedOrder>(keys.platformOrder(shopId, orderNo))?.value;
  if (!head) return `is ${platformStatus} on the platform since ${modifiedAtMs}, and not held`;
  if (head.modifiedAtMs !== modifiedAtMs || head.platformStatus !== platformStatus)
    return (
      `is ${platformStatus} on the platform since ${modifiedAtMs}, ` +
      `held is ${head.platformStatus} of ${head.modifiedAtMs}`
    );
  const raw = store.find<{ text: string }>(keys.rawOrder(shopId, orderNo, modifiedAtMs, head.rawHash));
  return raw?.value.text === JSON.stringify(order)
    ? undefined
    : `of ${modifiedAtMs} is held as it was earlier in that second`;
}

/** What the pull says that it has covered is stored; clocks have differed by `skewMs`. */
export function coverageFaults(store: FrozenStore, platforms: readonly Truth[], skewMs: number): Finding[] {
  const faults: Finding[] = [];
  for (const { shopId, orders } of platforms) {
    const covered = store.find<Coverage>(keys.coverage(shopId));
    const toMs = (covered?.value.toMs ?? 0) - COVERAGE_SLACK_MS - skewMs;
    for (const { orderNo, modifiedAtMs } of orders.values()) {
      if (modifiedAtMs > toMs || isKept(store, shopId, orderNo, modifiedAtMs)) continue;
      faults.push({
        what: `the pull of ${shopId} has covered ${toMs}, order ${orderNo} of ${modifiedAtMs} is not stored`,
        about: aboutOrder(shopId, orderNo),
        around: { documents: [documentOf(keys.coverage(shopId))] },
      });
    }
  }
  return faults;
}

/** Whether we have a change of an order: as it was then or newer, or aside where that cannot be read. */
export function isKept(store: FrozenStore, shopId: string, orderNo: string, modifiedAtMs: number): boolean {
  const head = store.find<ReceivedOrder>(keys.platformOrder(shopId, orderNo));
  return (head?.value.modifiedAtMs ?? -1) >= modifiedAtMs || isSetAside(store, shopId, orderNo);
}

/** What could not be read or had is kept aside, until it can: an order, or what no order stands behind. */
function isSetAside(store: FrozenStore, shopId: string, orderNo: string): boolean {
  return store.partition(keys.quarantine(shopId, '').pk).some(({ value }) => {
    const item = value as QuarantinedItem;
    return isAside(item) && (item.source === 'push' ? item.text : item.orderNo) === orderNo;
  });
}
