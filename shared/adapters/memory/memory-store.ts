import { compareText } from '../../domain/kernel/text-order';
import type {
  IndexHit,
  IndexName,
  IndexPlace,
  IndexPlaces,
  Key,
  Put,
  Range,
  RestoringStore,
  Stored,
} from '../../ports/store';
import { documentText } from '../document-text';
import { sameDocument } from '../same-document';

type Document = Stored<string>;

/** In-memory twin of the stores, for tests and simulations. Values are copied through JSON, as an engine would. */
export class MemoryStore implements RestoringStore {
  readonly indexLagMs = 0;
  /** pk → sk → document. */
  private readonly partitions = new Map<string, Map<string, Document>>();
  /** Index and partition → documents that stand there. */
  private readonly indexed = new Map<string, Set<Document>>();

  async get<T>(key: Key): Promise<Stored<T> | undefined> {
    const document = this.partitions.get(key.pk)?.get(key.sk);
    return document && parsed<T>(document);
  }

  async getMany<T>(keys: readonly Key[]): Promise<(Stored<T> | undefined)[]> {
    return Promise.all(keys.map((key) => this.get<T>(key)));
  }

  async query<T>(pk: string, range: Range): Promise<Stored<T>[]> {
    const documents = [...(this.partitions.get(pk)?.values() ?? [])];
    return within(documents, (document) => document.key.sk, range).map((document) => parsed<T>(document));
  }

  async queryIndex(index: IndexName, partition: string, range: Range): Promise<IndexHit[]> {
    const hits = [...(this.indexed.get(`${index}#${partition}`) ?? [])].map(({ key, places }) => ({
      key: { ...key },
      sort: places[index]?.sort ?? '',
    }));
    return within(hits, (hit) => hit.sort, range);
  }

  async put<T>(put: Put<T>): Promise<'saved' | 'conflict'> {
    const before = this.partitions.get(put.key.pk)?.get(put.key.sk);
    const { key, expect, value, places = {} } = put;
    const document = serialised({ key, version: expect + 1, value, places });
    if ((before?.version ?? 0) !== expect) return 'conflict';
    this.replace(before, document);
    return 'saved';
  }

  async restore(document: Stored<unknown>): Promise<'saved' | 'present' | 'differs'> {
    const before = this.partitions.get(document.key.pk)?.get(document.key.sk);
    if (before) return sameDocument(parsed(before), document) ? 'present' : 'differs';
    this.replace(undefined, serialised(document));
    return 'saved';
  }

  private replace(before: Document | undefined, document: Document): void {
    const { pk, sk } = document.key;
    for (const place of before ? placesOf(before) : []) this.indexed.get(place)?.delete(before as Document);
    for (const place of placesOf(document))
      this.indexed.set(place, (this.indexed.get(place) ?? new Set()).add(document));
    const partition = this.partitions.get(pk) ?? new Map<string, Document>();
    this.partitions.set(pk, partition.set(sk, document));
  }

  async scan(after: Key | undefined, limit: number): Promise<Stored<unknown>[]> {
    const from = after ?? { pk: '', sk: '' };
    return [...this.partitions.values()]
      .flatMap((partition) => [...partition.values()])
      .filter(({ key }) => compareKeys(key, from) > 0)
      .sort((a, b) => compareKeys(a.key, b.key))
      .slice(0, limit)
      .map((document) => parsed(document));
  }

  async close(): Promise<void> {
    this.partitions.clear();
    this.indexed.clear();
  }
}

function placesOf({ places }: Document): string[] {
  return Object.entries(places as Record<IndexName, IndexPlace>).map(
    ([index, { partition }]) => `${index}#${partition}`,
  );
}

function serialised({ key, version, value, places }: Stored<unknown>): Document {
  return { key: { ...key }, version, value: documentText(key, value), places: copied(places) };
}

function parsed<T>(document: Document): Stored<T> {
  const { key, version, value, places } = document;
  return { key: { ...key }, version, value: JSON.parse(value) as T, places: copied(places) };
}

function copied({ open, list }: IndexPlaces): IndexPlaces {
  return { ...(open && { open: { ...open } }), ...(list && { list: { ...list } }) };
}

function within<R>(rows: R[], sortOf: (row: R) => string, range: Range): R[] {
  const { after, upTo, limit, descending } = range;
  const compare = (a: string, b: string): number => (descending ? -compareText(a, b) : compareText(a, b));
  return rows
    .filter((row) => after === undefined || compare(sortOf(row), after) > 0)
    .filter((row) => upTo === undefined || compare(sortOf(row), upTo) <= 0)
    .sort((a, b) => compare(sortOf(a), sortOf(b)))
    .slice(0, limit);
}

function compareKeys(a: Key, b: Key): number {
  return compareText(a.pk, b.pk) || compareText(a.sk, b.sk);
}
