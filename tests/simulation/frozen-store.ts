import type { IndexHit, IndexName, Key, Put, Range, Store, Stored } from '../../shared/ports/store';

const INDEXES: readonly IndexName[] = ['open', 'list'];

/**
 * The simulation's store: documents are frozen once when they are saved and handed out as they are, since copying them
 * through JSON for each read was a third of a history's time. Whoever changes a document that was read fails at once,
 * where other stores would hide it behind a copy. Sorts by UTF-16 unit and knows no largest document: simulated keys are
 * plain text and simulated orders small.
 */
export class FrozenStore implements Store {
  readonly indexLagMs = 0;
  private readonly partitions = new SortedMap<SortedMap<Stored<unknown>>>();
  private readonly indexed = new Map<IndexName, Map<string, IndexRows>>();

  async get<T>(key: Key): Promise<Stored<T> | undefined> {
    return this.find<T>(key);
  }

  async getMany<T>(keys: readonly Key[]): Promise<(Stored<T> | undefined)[]> {
    return keys.map((key) => this.find<T>(key));
  }

  async query<T>(pk: string, range: Range): Promise<Stored<T>[]> {
    return this.read<T>(pk, range);
  }

  async queryIndex(index: IndexName, partition: string, range: Range): Promise<IndexHit[]> {
    return this.readIndex(index, partition, range);
  }

  async put<T>(put: Put<T>): Promise<'saved' | 'conflict'> {
    return this.save(put) ? 'saved' : 'conflict';
  }

  /** What a key holds now. */
  find<T>(key: Key): Stored<T> | undefined {
    return this.partitions.get(key.pk)?.get(key.sk) as Stored<T> | undefined;
  }

  /** Everything of a partition, in order. */
  partition(pk: string): Stored<unknown>[] {
    return [...(this.partitions.get(pk)?.rows ?? [])];
  }

  /** A document that stands open in a partition of this kind, up to this sort; undefined where none does. */
  waiting(partitions: RegExp, upTo: string): Key | undefined {
    for (const [partition, { sorts, hits }] of this.indexed.get('open') ?? [])
      if (hits[0] && (sorts[0] ?? '') <= upTo && partitions.test(partition)) return hits[0].key;
    return undefined;
  }

  /** Saves on condition of the version; the document as it is kept, or undefined for a conflict. */
  save({ key, expect, value, places = {} }: Put<unknown>): Stored<unknown> | undefined {
    const before = this.find(key);
    if ((before?.version ?? 0) !== expect) return undefined;
    const document = frozen({ key, version: expect + 1, value, places });
    if (before) this.leaveIndexes(before);
    this.enterIndexes(document);
    const partition = this.partitions.get(key.pk) ?? new SortedMap<Stored<unknown>>();
    partition.set(key.sk, document);
    if (partition.rows.length === 1) this.partitions.set(key.pk, partition);
    return document;
  }

  async scan(after: Key | undefined, limit: number): Promise<Stored<unknown>[]> {
    return this.readAll(after, limit);
  }

  /** {@link query}, at once. */
  read<T>(pk: string, range: Range): Stored<T>[] {
    const partition = this.partitions.get(pk);
    return partition ? (within(partition.sorts, partition.rows, range) as Stored<T>[]) : [];
  }

  /** {@link queryIndex}, at once. */
  readIndex(index: IndexName, partition: string, range: Range): IndexHit[] {
    const rows = this.indexed.get(index)?.get(partition);
    return rows ? within(rows.sorts, rows.hits, range) : [];
  }

  /** {@link scan}, at once. */
  readAll(after: Key | undefined, limit: number): Stored<unknown>[] {
    const page: Stored<unknown>[] = [];
    const pks = this.partitions.sorts;
    for (let i = after ? lowerBound(pks, after.pk) : 0; i < pks.length && page.length < limit; i += 1) {
      const { sorts, rows } = this.partitions.rows[i] as SortedMap<Stored<unknown>>;
      const more = { limit: limit - page.length, ...(after?.pk === pks[i] && { after: after?.sk ?? '' }) };
      page.push(...within(sorts, rows, more));
    }
    return page;
  }

  async close(): Promise<void> {
    this.indexed.clear();
  }

  private enterIndexes({ key, places }: Stored<unknown>): void {
    for (const index of INDEXES) {
      const place = places[index];
      if (!place) continue;
      const partitions = this.indexed.get(index) ?? new Map<string, IndexRows>();
      this.indexed.set(index, partitions);
      const rows = partitions.get(place.partition) ?? { sorts: [], hits: [] };
      partitions.set(place.partition, rows);
      const at = upperBound(rows.sorts, place.sort);
      rows.sorts.splice(at, 0, place.sort);
      rows.hits.splice(at, 0, { key, sort: place.sort });
    }
  }

  private leaveIndexes({ key, places }: Stored<unknown>): void {
    for (const index of INDEXES) {
      const place = places[index];
      const rows = place && this.indexed.get(index)?.get(place.partition);
      if (!place || !rows) continue;
      let at = lowerBound(rows.sorts, place.sort);
      while (rows.hits[at]?.key.pk !== key.pk || rows.hits[at]?.key.sk !== key.sk) at += 1;
      rows.sorts.splice(at, 1);
      rows.hits.splice(at, 1);
    }
  }
}

/** Documents of one partition of an index: sort keys, and what stands there. */
interface IndexRows {
  readonly sorts: string[];
  readonly hits: IndexHit[];
}

/** A Map whose keys are kept in order, with their values beside them. */
class SortedMap<T> {
  readonly sorts: string[] = [];
  readonly rows: T[] = [];
  private readonly values = new Map<string, T>();

  get(key: string): T | undefined {
    return this.values.get(key);
  }

  set(key: string, value: T): this {
    const at = lowerBound(this.sorts, key);
    if (this.values.has(key)) {
      this.rows[at] = value;
    } else {
      this.sorts.splice(at, 0, key);
      this.rows.splice(at, 0, value);
    }
    this.values.set(key, value);
    return this;
  }
}

/** Place of the first key that is not below `key`. */
function lowerBound(keys: readonly string[], key: string): number {
  let [from, to] = [0, keys.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((keys[middle] as string) < key) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Place of the first key that is above `key`. */
function upperBound(keys: readonly string[], key: string): number {
  let [from, to] = [0, keys.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((keys[middle] as string) <= key) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Rows of a range, in the direction of reading; `sorts` are theirs, ascending. */
function within<R>(sorts: readonly string[], rows: readonly R[], range: Range): R[] {
  const { after, upTo, limit, descending = false } = range;
  if (descending) {
    const end = after === undefined ? rows.length : lowerBound(sorts, after);
    const start = Math.max(upTo === undefined ? 0 : lowerBound(sorts, upTo), end - limit);
    return rows.slice(start, Math.max(start, end)).reverse();
  }
  const start = after === undefined ? 0 : upperBound(sorts, after);
  const end = Math.min(upTo === undefined ? rows.length : upperBound(sorts, upTo), start + limit);
  return rows.slice(start, Math.max(start, end));
}

/** A copy as JSON would make it, frozen throughout. What is frozen already came from here: documents share what stays. */
export function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (Array.isArray(value)) return Object.freeze(value.map((item: unknown) => frozen(item))) as T;
  const copy: Record<string, unknown> = {};
  for (const name in value) {
    const member = (value as Record<string, unknown>)[name];
    if (member !== undefined) copy[name] = typeof member === 'object' ? frozen(member) : member;
  }
  return Object.freeze(copy) as T;
}
