import { sortable } from '../../../shared/domain/kernel/ids';
import type { IndexHit, IndexName, Store, Stored } from '../../../shared/ports/store';
import type { Cursor } from './cursor';
import { compareHits, cursorText, readCursor } from './cursor';
import type { Span } from './ordered-hits';
import { OrderedHits } from './ordered-hits';

/** Documents read at most to fill one page of a filtered list: tests/bench/parts/lists.ts measures how long that takes. */
const SEARCHED_MAX = 1_000;

/** Documents that a filtered list reads in one go. */
const SEARCHED_AT_ONCE = 200;

/** Which page of which rows. */
export interface ListSpec<T, Row> {
  readonly index?: IndexName;
  /** Places of the rows: one shop's, or every shop's, merged. */
  readonly partitions: readonly string[];
  readonly query: { readonly after?: string | undefined; readonly limit: number };
  readonly descending: boolean;
  /** Exclusive start and inclusive end in the direction of reading, as sort texts. */
  readonly start?: string | undefined;
  readonly upTo?: string | undefined;
  /** The row of a document, or undefined where the filter leaves it out. */
  readonly row: (stored: Stored<T>) => Row | undefined;
  /** False where every document has a row: then only as many are read as the page shows. */
  readonly filtered: boolean;
}

/** A page of a list. */
export interface ListPage<Row> {
  readonly rows: Row[];
  readonly next: string | null;
  readonly searchedToMs: number | null;
}

/**
 * A page of rows, merged over partitions in the order of (sort text, key): the cursor is a place in that order and holds
 * for all partitions at once, so that nothing is lost or doubled, whatever comes in between two pages. A filter that leaves
 * out too much stops, says how far it has looked, and goes on from there with the next page.
 */
export async function mergedPage<T, Row>(store: Store, spec: ListSpec<T, Row>): Promise<ListPage<Row>> {
  const { limit, after } = spec.query;
  const hits = openHits(store, spec, after === undefined ? undefined : readCursor(after));
  const rows: Row[] = [];
  let last: IndexHit | undefined;
  for (let searched = 0; searched < SEARCHED_MAX; ) {
    const chunk = await takeHits(hits, spec.descending, spec.filtered ? SEARCHED_AT_ONCE : limit - rows.length);
    const documents = await store.getMany<T>(chunk.map(({ hit }) => hit.key));
    for (const [i, { hit }] of chunk.entries()) {
      const stored = documents[i];
      const row = stored && spec.row(stored);
      last = hit;
      if (row !== undefined) rows.push(row);
      if (rows.length === limit) {
        const more = i + 1 < chunk.length || (await nextOf(hits, spec.descending)) !== undefined;
        return { rows, next: more ? cursorText(hit) : null, searchedToMs: null };
      }
    }
    searched += chunk.length;
    if (last === undefined || (await nextOf(hits, spec.descending)) === undefined)
      return { rows, next: null, searchedToMs: null };
  }
  return { rows, next: last ? cursorText(last) : null, searchedToMs: last ? timeOf(last) : null };
}

/** Sort texts of rows that are listed by time: from `fromMs` (inclusive) to `toMs` (exclusive), in the direction of reading. */
export function timeSpan(
  query: { readonly fromMs?: number | undefined; readonly toMs?: number | undefined },
  descending: boolean,
): { start: string | undefined; upTo: string | undefined } {
  // A row's sort text is longer than its time alone: it comes behind it.
  const from = query.fromMs === undefined ? undefined : sortable(query.fromMs);
  const to = query.toMs === undefined ? undefined : sortable(query.toMs);
  return descending ? { start: to, upTo: from } : { start: from, upTo: to };
}

function openHits<T, Row>(store: Store, spec: ListSpec<T, Row>, cursor: Cursor | undefined): OrderedHits[] {
  const { partitions, index = 'list', descending, start, upTo } = spec;
  const wanted = spec.filtered ? SEARCHED_AT_ONCE : spec.query.limit;
  // One more tells whether there is a next page, another one whether the last group of ties is whole. Of several
  // partitions each gives its share first.
  const batch = partitions.length === 1 ? wanted + 2 : Math.max(10, Math.ceil((2 * wanted) / partitions.length));
  const span: Span = { descending, start, upTo, batch };
  return partitions.map(
    (partition) => new OrderedHits((range) => store.queryIndex(index, partition, range), span, cursor),
  );
}

interface Head {
  readonly hit: IndexHit;
  readonly of: OrderedHits;
}

/** The first row over all partitions. */
async function nextOf(hits: readonly OrderedHits[], descending: boolean): Promise<Head | undefined> {
  const heads = await Promise.all(hits.map(async (of) => ({ of, hit: await of.peek() })));
  let first: Head | undefined;
  for (const { of, hit } of heads) {
    if (hit && (!first || (descending ? compareHits(hit, first.hit) > 0 : compareHits(hit, first.hit) < 0)))
      first = { of, hit };
  }
  return first;
}

async function takeHits(hits: readonly OrderedHits[], descending: boolean, count: number): Promise<Head[]> {
  const taken: Head[] = [];
  while (taken.length < count) {
    const next = await nextOf(hits, descending);
    if (!next) break;
    next.of.take();
    taken.push(next);
  }
  return taken;
}

/** Lists that are filtered are listed by time. */
function timeOf({ sort }: IndexHit): number {
  return Number(sort.slice(0, 16));
}
