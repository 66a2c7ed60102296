import type { DeliveryOrder } from '../domain/order/delivery-order';
import type { StockKey } from '../domain/stock/movement';
import type { Store } from '../ports/store';
import { formerWaitingStockPartition, waitingStockRange } from './keys';

/** A stretch of the index `open` in which orders wait for one SKU. */
interface WaitingRange {
  readonly partition: string;
  readonly after?: string;
  readonly upTo?: string;
}

/** A look at the orders that wait for one SKU in one warehouse 缺货, and where it goes on. */
export interface WaitingLook {
  readonly key: StockKey;
  /** Pieces that no order was found for yet. */
  readonly leftQty: number;
  /** What is not read yet, the oldest orders first. */
  readonly ranges: readonly WaitingRange[];
}

/** Some orders that the pieces can serve; `sort` is where they stand in the index. */
interface CurablePage {
  readonly curable: readonly { readonly order: DeliveryOrder; readonly sort: string }[];
  /** Undefined where the pieces or the orders have come to their end. */
  readonly next: WaitingLook | undefined;
}

/** A look at all of them. Those that the release before has put to wait are the older ones. */
export function lookAtWaiting(key: StockKey, leftQty: number): WaitingLook {
  return {
    ...{ key, leftQty },
    ranges: [{ partition: formerWaitingStockPartition(key) }, waitingStockRange(key)],
  };
}

/**
 * The next page of a look: of at most `limit` orders those, oldest first, that the pieces left can serve in full. An order
 * that wants more than is left is passed over, since a younger one may want less.
 */
export async function nextCurable(store: Store, look: WaitingLook, limit: number): Promise<CurablePage> {
  const { key, ranges } = look;
  const [range, ...others] = ranges;
  if (!range || look.leftQty <= 0) return { curable: [], next: undefined };
  const { partition, ...bounds } = range;
  const hits = await store.queryIndex('open', partition, { ...bounds, limit });
  const orders = await store.getMany<DeliveryOrder>(hits.map((hit) => hit.key));
  let leftQty = look.leftQty;
  const curable = hits.flatMap(({ sort }, i) => {
    const order = orders[i]?.value;
    const hold = order?.holds.find((candidate) => candidate.skuId === key.skuId);
    // The index may show an order that has moved on.
    if (!order || !hold || order.status !== 'out-of-stock') return [];
    const lack = hold.wantedQty - hold.heldQty;
    if (lack <= 0 || lack > leftQty) return [];
    leftQty -= lack;
    return [{ order, sort }];
  });
  const last = hits.at(-1);
  const unread = last && hits.length === limit ? [{ ...range, after: last.sort }, ...others] : others;
  return { curable, next: leftQty > 0 && unread.length > 0 ? { key, leftQty, ranges: unread } : undefined };
}
