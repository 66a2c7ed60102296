import { AppError } from '../../errors';
import type { IndexHit, IndexName, Key, Put, Range, Store, Stored } from '../../ports/store';
import { DOCUMENT_BYTES_MAX } from '../../ports/store';

/** In-memory twin of the stores, for tests and simulations. Values are copied through JSON, as an engine would. */
export class MemoryStore implements Store {
  private readonly documents = new Map<string, Stored<string>>();

  async get<T>(key: Key): Promise<Stored<T> | undefined> {
    const stored = this.documents.get(idOf(key));
    return stored && parsed<T>(stored);
  }

  async getMany<T>(keys: readonly Key[]): Promise<(Stored<T> | undefined)[]> {
    return Promise.all(keys.map((key) => this.get<T>(key)));
  }

  async query<T>(pk: string, range: Range): Promise<Stored<T>[]> {
    const found = [...this.documents.values()].filter((doc) => doc.key.pk === pk);
    return within(found, (doc) => doc.key.sk, range).map((doc) => parsed<T>(doc));
  }

  async queryIndex(index: IndexName, partition: string, range: Range): Promise<IndexHit[]> {
    const found = [...this.documents.values()].flatMap((doc) => {
      const place = doc.places[index];
      return place?.partition === partition ? [{ key: doc.key, sort: place.sort }] : [];
    });
    return within(found, (hit) => hit.sort, range);
  }

  async put<T>(put: Put<T>): Promise<'saved' | 'conflict'> {
    const value = JSON.stringify(put.value);
    if (Buffer.byteLength(value) > DOCUMENT_BYTES_MAX) throw new AppError('DOCUMENT_TOO_LARGE', { pk: put.key.pk });
    const id = idOf(put.key);
    if ((this.documents.get(id)?.version ?? 0) !== put.expect) return 'conflict';
    this.documents.set(id, { key: { ...put.key }, version: put.expect + 1, value, places: { ...put.places } });
    return 'saved';
  }

  async scan(after: Key | undefined, limit: number): Promise<Stored<unknown>[]> {
    const sorted = [...this.documents.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
    const from = after ? idOf(after) : '';
    return sorted
      .filter(([id]) => id > from)
      .slice(0, limit)
      .map(([, doc]) => parsed(doc));
  }

  async close(): Promise<void> {
    this.documents.clear();
  }
}

const idOf = (key: Key): string => `${key.pk}\u0000${key.sk}`;

const parsed = <T>(stored: Stored<string>): Stored<T> => ({ ...stored, value: JSON.parse(stored.value) as T });

function within<R>(rows: R[], sortOf: (row: R) => string, range: Range): R[] {
  const direction = range.descending ? -1 : 1;
  const compare = (a: string, b: string): number => (a < b ? -direction : a > b ? direction : 0);
  return rows
    .filter((row) => range.after === undefined || compare(sortOf(row), range.after) > 0)
    .filter((row) => range.upTo === undefined || compare(sortOf(row), range.upTo) <= 0)
    .sort((a, b) => compare(sortOf(a), sortOf(b)))
    .slice(0, range.limit);
}
