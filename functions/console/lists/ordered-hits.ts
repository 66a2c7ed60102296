import { compareText } from '../../../shared/domain/kernel/text-order';
import type { IndexHit, Range } from '../../../shared/ports/store';
import type { Cursor } from './cursor';
import { compareHits } from './cursor';

/** Reads some rows of one partition in order of their sort texts. */
export type ReadHits = (range: Range) => Promise<readonly IndexHit[]>;

/**
 * Rows with one and the same sort text at most. A sort text begins with a time in ms and ends with what it is the time of,
 * so that two share it by a rare chance; a store cannot page within such a group.
 */
const TIES_MAX = 1_000;

/** Behind a sort text and before every longer one: control characters never occur in keys. */
const justBehind = (sort: string): string => `${sort}\u0001`;

/** What part of a partition is read, and how. */
export interface Span {
  readonly descending: boolean;
  /** Exclusive bound at which reading begins; the partition's end where undefined. */
  readonly start?: string | undefined;
  /** Inclusive far end. */
  readonly upTo?: string | undefined;
  /** Rows read in one go; at least 2. */
  readonly batch: number;
}

/**
 * Rows of one partition, one after the other, in the total order of (sort text, key), from behind a cursor. A store's page
 * ends at a sort text and would lose the other rows that share it: so a group of equal sort texts is always read whole.
 */
export class OrderedHits {
  private buffer: IndexHit[] = [];
  private from: string | undefined;
  private cursor: Cursor | undefined;
  private ended = false;

  constructor(
    private readonly read: ReadHits,
    private readonly span: Span,
    cursor: Cursor | undefined,
  ) {
    const { start, upTo } = span;
    // A cursor of another query, before the span or behind it, shows nothing that the span does not hold.
    const inside = cursor && (start === undefined || this.order(cursor.sort, start) > 0);
    this.cursor = inside ? cursor : undefined;
    this.from = inside ? cursor.sort : start;
    this.ended = cursor !== undefined && upTo !== undefined && this.order(cursor.sort, upTo) > 0;
  }

  /** The next row without taking it; undefined at the end. */
  async peek(): Promise<IndexHit | undefined> {
    while (this.buffer.length === 0 && !this.ended) await this.fill();
    return this.buffer[0];
  }

  take(): void {
    this.buffer.shift();
  }

  private async fill(): Promise<void> {
    if (this.cursor) {
      // Others with the sort text of the cursor may come behind it.
      const { cursor } = this;
      const sign = this.span.descending ? -1 : 1;
      this.cursor = undefined;
      this.add((await this.group(cursor.sort)).filter((hit) => sign * compareHits(hit, cursor) > 0));
    }
    const hits = await this.read({
      ...(this.from !== undefined && { after: this.from }),
      ...(this.span.upTo !== undefined && { upTo: this.span.upTo }),
      limit: this.span.batch,
      descending: this.span.descending,
    });
    const last = hits.at(-1);
    if (!last || hits.length < this.span.batch) {
      this.ended = true;
      this.add(hits);
      return;
    }
    // The batch may end amid a group, which is therefore left for the next one; a batch of one group is read whole.
    const whole = hits.filter((hit) => hit.sort !== last.sort);
    this.add(whole.length > 0 ? whole : await this.group(last.sort));
    this.from = whole.at(-1)?.sort ?? last.sort;
  }

  private add(hits: readonly IndexHit[]): void {
    const sign = this.span.descending ? -1 : 1;
    this.buffer.push(...[...hits].sort((a, b) => sign * compareHits(a, b)));
  }

  private group(sort: string): Promise<readonly IndexHit[]> {
    return this.read({ after: justBehind(sort), upTo: sort, limit: TIES_MAX, descending: true });
  }

  private order(a: string, b: string): number {
    return (this.span.descending ? -1 : 1) * compareText(a, b);
  }
}
