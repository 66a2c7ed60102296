/** Where a document lives: documents of one `pk` are read together, in order of `sk`. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/**
 * Two sparse indexes that a document may stand in, once each:
 * `open`: documents that wait for somebody, sorted by when they are due; gone once they wait no longer.
 * `list`: documents as people list them, newest by sort.
 */
export type IndexName = 'open' | 'list';

export interface IndexPlace {
  readonly partition: string;
  readonly sort: string;
}

export type IndexPlaces = { readonly [name in IndexName]?: IndexPlace };

/** A document as stored. `version` counts its puts from 1. */
export interface Stored<T> {
  readonly key: Key;
  readonly version: number;
  readonly value: T;
  readonly places: IndexPlaces;
}

/** One conditional write. `expect` is the version it was read at; 0 for a document that must not exist yet. */
export interface Put<T> {
  readonly key: Key;
  readonly expect: number;
  readonly value: T;
  readonly places?: IndexPlaces;
}

export interface Range {
  /** Exclusive lower (ascending) or upper (descending) bound: pages go on from the last one seen. */
  readonly after?: string;
  /** Inclusive far end, in the direction of reading. */
  readonly upTo?: string;
  readonly limit: number;
  readonly descending?: boolean;
}

export interface IndexHit {
  readonly key: Key;
  readonly sort: string;
}

/**
 * Documents with versions: what every DynamoDB-compatible engine offers, and no more. Gets and queries are strongly
 * consistent; index reads may lag behind by minutes. A write is of **one** document, on condition of its version; there
 * is no transaction over two. Values are plain JSON. Throws STORE_UNAVAILABLE where the engine does not answer and
 * DOCUMENT_TOO_LARGE before a write that it would refuse.
 */
export interface Store {
  /** An index read shows everything that was saved so long ago, ms; 0 where it is as good as a get. */
  readonly indexLagMs: number;
  get<T>(key: Key): Promise<Stored<T> | undefined>;
  /** In the order of the keys. */
  getMany<T>(keys: readonly Key[]): Promise<(Stored<T> | undefined)[]>;
  query<T>(pk: string, range: Range): Promise<Stored<T>[]>;
  queryIndex(index: IndexName, partition: string, range: Range): Promise<IndexHit[]>;
  /** 'saved': the version is now `expect` + 1 and durable. 'conflict': nothing changed. */
  put<T>(put: Put<T>): Promise<'saved' | 'conflict'>;
  /**
   * Everything, page by page, from behind a document that was seen: for verify, export and import only. Partitions come in
   * an order of the engine's own; documents of one partition come together, in order of their sort keys.
   */
  scan(after: Key | undefined, limit: number): Promise<Stored<unknown>[]>;
  close(): Promise<void>;
}

/**
 * What an import needs beyond a {@link Store}: documents keep their versions in a move, so that who read one before it
 * (a browser, the other store that is compared) cannot take a later document for the one that was read.
 */
export interface RestoringStore extends Store {
  /**
   * Writes a document as it was, with its version. 'present': it stood there already, the same; 'differs': another one
   * stands there, and nothing changed.
   */
  restore(document: Stored<unknown>): Promise<'saved' | 'present' | 'differs'>;
}

/**
 * Largest document as an engine keeps it, which is compressed where its JSON is longer than this: items of 400 KB are the
 * cloud engines' limit, with room for keys and index attributes.
 */
export const DOCUMENT_BYTES_MAX = 350_000;

/** Longest JSON of a document, however well it compresses: a function holds a batch of them in memory. */
export const DOCUMENT_TEXT_BYTES_MAX = 2_000_000;
