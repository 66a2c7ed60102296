import type { Order } from './order';

interface Change {
  readonly order: Order;
  readonly changeNo: number;
  readonly atMs: number;
}

/** Orders in the order of their last change. Appending is cheap; overtaken entries are swept out now and then. */
export class ChangeLog {
  private changes: Change[] = [];
  private changeNo = 0;
  private lastMs = 0;

  /** Marks the order as changed now. Times never run backwards within a shop, even if the clock does. */
  record(order: Order, nowMs: number, orderCount: number): void {
    this.changeNo += 1;
    this.lastMs = Math.max(this.lastMs, nowMs);
    order.modifiedAtMs = this.lastMs;
    order.changeNo = this.changeNo;
    this.changes.push({ order, changeNo: this.changeNo, atMs: this.lastMs });
    if (this.changes.length > 2 * orderCount + 1_000) this.changes = this.changes.filter(isLatest);
  }

  /** Orders last changed from start to end, both included; oldest change first. */
  between(startMs: number, endMs: number): Order[] {
    const found: Order[] = [];
    for (let at = this.firstAt(startMs); at < this.changes.length; at += 1) {
      const change = this.changes[at];
      if (change === undefined || change.atMs > endMs) break;
      if (isLatest(change)) found.push(change.order);
    }
    return found;
  }

  private firstAt(startMs: number): number {
    let low = 0;
    let high = this.changes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.changes[middle]?.atMs ?? 0) < startMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function isLatest(change: Change): boolean {
  return change.order.changeNo === change.changeNo;
}
