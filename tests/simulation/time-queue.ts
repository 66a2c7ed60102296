interface Row<T> {
  readonly atMs: number;
  /** Rows of the same time come in the order in which they were added. */
  readonly no: number;
  readonly item: T;
}

/** What happens later, soonest first: a binary heap, since every step asks for the next. */
export class TimeQueue<T> {
  private readonly heap: Row<T>[] = [];
  private added = 0;

  /** Time of the next item; endless where there is none. */
  get nextMs(): number {
    return this.heap[0]?.atMs ?? Number.POSITIVE_INFINITY;
  }

  add(atMs: number, item: T): void {
    this.added += 1;
    const row = { atMs, no: this.added, item };
    let at = this.heap.push(row) - 1;
    for (; at > 0; ) {
      const parentAt = (at - 1) >> 1;
      const parent = this.heap[parentAt] as Row<T>;
      if (!isBefore(row, parent)) break;
      this.heap[at] = parent;
      at = parentAt;
    }
    this.heap[at] = row;
  }

  /** Takes out the next item; there must be one. */
  take(): T {
    const [first] = this.heap;
    const last = this.heap.pop();
    if (!first || !last) throw new Error('nothing is to come');
    if (this.heap.length > 0) this.sink(last);
    return first.item;
  }

  private sink(row: Row<T>): void {
    const { heap } = this;
    let at = 0;
    for (;;) {
      const leftAt = at * 2 + 1;
      const [left, right] = [heap[leftAt], heap[leftAt + 1]];
      if (!left) break;
      const childAt = right && isBefore(right, left) ? leftAt + 1 : leftAt;
      const child = heap[childAt] as Row<T>;
      if (!isBefore(child, row)) break;
      heap[at] = child;
      at = childAt;
    }
    heap[at] = row;
  }
}

function isBefore(a: Row<unknown>, b: Row<unknown>): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.no < b.no);
}
