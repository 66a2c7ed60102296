import type { IndexHit, IndexName, Key, Put, Range, Store, Stored } from '../../shared/ports/store';

/**
 * The simulation's store: documents are frozen once when they are saved and handed out as they are, since copying them
 * through JSON for each read was a third of a history's time. Whoever changes a document that was read fails at once,
 * where other stores would hide it behind a copy. Sorts by UTF-16 unit and knows no largest document: simulated keys are
 * plain text and simulated orders small.
 */
export class FrozenStore implements Store {
  readonly indexLagMs = 0;
  private readonly partitions = new SortedMap<SortedMap<Stored<unknown>>>();
  /** Index and partition → documents that stand there, by sort. */
  private readonly indexed = new Map<string, { readonly sort: string; readonly document: Stored<unknown> }[]>();

  async get<T>(key: Key): Promise<Stored<T> | undefined> {
    return this.find<T>(key);
  }

  async getMany<T>(keys: readonly Key[]): Promise<(Stored<T> | undefined)[]> {
    return keys.map((key) => this.find<T>(key));
  }

  async query<T>(pk: string, range: Range): Promise<Stored<T>[]> {
    const partition = this.partitions.get(pk);
    const sks = partition ? within(partition.keys, (sk) => sk, range) : [];
    return sks.map((sk) => partition?.get(sk) as Stored<T>);
  }

  async queryIndex(index: IndexName, partition: string, range: Range): Promise<IndexHit[]> {
    const rows = this.indexed.get(`${index}#${partition}`) ?? [];
    return within(rows, ({ sort }) => sort, range).map(({ sort, document }) => ({ key: document.key, sort }));
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
    const partition = this.partitions.get(pk);
    return (partition?.keys ?? []).map((sk) => partition?.get(sk) as Stored<unknown>);
  }

  /** Saves on condition of the version; the document as it is kept, or undefined for a conflict. */
  save({ key, expect, value, places = {} }: Put<unknown>): Stored<unknown> | undefined {
    const before = this.find(key);
    if ((before?.version ?? 0) !== expect) return undefined;
    const document = frozen({ key, version: expect + 1, value, places });
    if (before) this.leaveIndexes(before);
    this.enterIndexes(document);
    const partition = this.partitions.get(key.pk) ?? new SortedMap<Stored<unknown>>();
    this.partitions.set(key.pk, partition.set(key.sk, document));
    return document;
  }

  async scan(after: Key | undefined, limit: number): Promise<Stored<unknown>[]> {
    const page: Stored<unknown>[] = [];
    const pks = this.partitions.keys;
    for (let i = after ? lowerBound(pks, after.pk) : 0; i < pks.length && page.length < limit; i += 1) {
      const pk = pks[i] as string;
      const range = { limit: limit - page.length, ...(after?.pk === pk && { after: after.sk }) };
      page.push(...(await this.query(pk, range)));
    }
    return page;
  }

  async close(): Promise<void> {
    this.indexed.clear();
  }

  private enterIndexes(document: Stored<unknown>): void {
    for (const [index, { partition, sort }] of Object.entries(document.places)) {
      const id = `${index}#${partition}`;
      const rows = this.indexed.get(id) ?? [];
      this.indexed.set(id, rows);
      let at = rows.length;
      while (at > 0 && (rows[at - 1]?.sort as string) > sort) at -= 1;
      rows.splice(at, 0, { sort, document });
    }
  }

  private leaveIndexes(document: Stored<unknown>): void {
    for (const [index, { partition }] of Object.entries(document.places)) {
      const rows = this.indexed.get(`${index}#${partition}`) ?? [];
      rows.splice(
        rows.findIndex((row) => row.document === document),
        1,
      );
    }
  }
}

/** A Map whose keys are kept in order. */
class SortedMap<T> {
  readonly keys: string[] = [];
  private readonly values = new Map<string, T>();

  get(key: string): T | undefined {
    return this.values.get(key);
  }

  set(key: string, value: T): this {
    if (!this.values.has(key)) this.keys.splice(lowerBound(this.keys, key), 0, key);
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

/** Rows of a range, in the direction of reading; they stand in ascending order. */
function within<R>(rows: readonly R[], sortOf: (row: R) => string, range: Range): R[] {
  const { after, upTo, limit, descending = false } = range;
  const found: R[] = [];
  for (let i = 0; i < rows.length && found.length < limit; i += 1) {
    const row = rows[descending ? rows.length - 1 - i : i] as R;
    const sort = sortOf(row);
    if (after !== undefined && (descending ? sort >= after : sort <= after)) continue;
    if (upTo !== undefined && (descending ? sort < upTo : sort > upTo)) break;
    found.push(row);
  }
  return found;
}

/** A copy as JSON would make it, frozen throughout. What is frozen already came from here: documents share what stays. */
function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (Array.isArray(value)) return Object.freeze(value.map((item: unknown) => frozen(item))) as T;
  const copy: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) if (member !== undefined) copy[name] = frozen(member);
  return Object.freeze(copy) as T;
}
