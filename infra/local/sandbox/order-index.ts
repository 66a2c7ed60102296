import type { Order } from './order';
import type { Shop } from './shop';

export interface IndexedOrder {
  readonly shop: Shop;
  readonly order: Order;
}

/** All orders of all shops in the order of creation, so that any page of them is found without sorting. */
export class OrderIndex {
  private readonly entries: IndexedOrder[] = [];
  private readonly positions = new Map<string, number>();

  add(entry: IndexedOrder): void {
    this.positions.set(entry.order.orderNo, this.entries.length);
    this.entries.push(entry);
  }

  find(orderNo: string): IndexedOrder | undefined {
    const position = this.positions.get(orderNo);
    return position === undefined ? undefined : this.entries[position];
  }

  /** Oldest first, those created after that order; `shopId` undefined means all shops. */
  after(orderNo: string | undefined, shopId: string | undefined, limit: number): IndexedOrder[] {
    const start = orderNo === undefined ? 0 : (this.positions.get(orderNo) ?? -1) + 1;
    return this.collect(start, 1, shopId, limit);
  }

  /** Newest first. */
  latest(shopId: string | undefined, limit: number): IndexedOrder[] {
    return this.collect(this.entries.length - 1, -1, shopId, limit);
  }

  private collect(start: number, step: 1 | -1, shopId: string | undefined, limit: number): IndexedOrder[] {
    const found: IndexedOrder[] = [];
    for (let at = start; found.length < limit; at += step) {
      const entry = this.entries[at];
      if (entry === undefined) break;
      if (shopId === undefined || entry.shop.config.shopId === shopId) found.push(entry);
    }
    return found;
  }
}
