interface Slot<Entry> {
  readonly dueAtMs: number;
  readonly arrival: number;
  readonly entry: Entry;
}

/** A heap of entries by the time they are due; equal times leave in the order they came. */
export class DueQueue<Entry extends { dueAtMs: number }> {
  private slots: Slot<Entry>[] = [];
  private arrivals = 0;

  get size(): number {
    return this.slots.length;
  }

  get nextDueAtMs(): number | undefined {
    return this.slots[0]?.dueAtMs;
  }

  push(entry: Entry): void {
    this.arrivals += 1;
    this.slots.push({ dueAtMs: entry.dueAtMs, arrival: this.arrivals, entry });
    this.rise(this.slots.length - 1);
  }

  /** The entry due first, if it is due. */
  takeDue(nowMs: number): Entry | undefined {
    const first = this.slots[0];
    if (first === undefined || first.dueAtMs > nowMs) return undefined;
    const last = this.slots.pop();
    if (last !== undefined && this.slots.length > 0) {
      this.slots[0] = last;
      this.sink();
    }
    return first.entry;
  }

  /** Makes due now every entry that `choose` picks, keeping their order. */
  hurry(nowMs: number, choose: (entry: Entry) => boolean): void {
    const entries = this.slots.sort(byDue).map((slot) => slot.entry);
    this.slots = [];
    for (const entry of entries) {
      if (choose(entry)) entry.dueAtMs = Math.min(entry.dueAtMs, nowMs);
      this.push(entry);
    }
  }

  private rise(from: number): void {
    let at = from;
    while (at > 0 && this.swapIfEarlier(at, (at - 1) >>> 1)) at = (at - 1) >>> 1;
  }

  private sink(): void {
    let at = 0;
    for (;;) {
      const child = this.earlierChild(at);
      if (child === undefined || !this.swapIfEarlier(child, at)) return;
      at = child;
    }
  }

  private earlierChild(at: number): number | undefined {
    const left = this.slots[2 * at + 1];
    const right = this.slots[2 * at + 2];
    if (left === undefined) return undefined;
    return right !== undefined && byDue(right, left) < 0 ? 2 * at + 2 : 2 * at + 1;
  }

  private swapIfEarlier(at: number, than: number): boolean {
    const here = this.slots[at];
    const there = this.slots[than];
    if (here === undefined || there === undefined || byDue(here, there) >= 0) return false;
    this.slots[at] = there;
    this.slots[than] = here;
    return true;
  }
}

function byDue(a: Slot<unknown>, b: Slot<unknown>): number {
  return a.dueAtMs - b.dueAtMs || a.arrival - b.arrival;
}
