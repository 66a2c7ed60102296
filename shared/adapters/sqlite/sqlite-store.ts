import { DatabaseSync, type DatabaseSyncInstance, type StatementSyncInstance } from '@photostructure/sqlite';
import { AppError } from '../../errors';
import type { IndexHit, IndexName, IndexPlaces, Key, Put, Range, RestoringStore, Stored } from '../../ports/store';
import { documentText } from '../document-text';
import { sameDocument } from '../same-document';

/**
 * The record of the embedded profile. One table; both indexes are columns of it, partial so that they stay sparse.
 * WAL with full sync: what was answered 'saved' survives a kill and a power cut.
 */
const SCHEMA = `
  create table if not exists documents (
    pk text not null, sk text not null, version integer not null, value text not null,
    open_partition text, open_sort text, list_partition text, list_sort text,
    primary key (pk, sk)
  ) without rowid;
  create index if not exists documents_open on documents (open_partition, open_sort) where open_partition is not null;
  create index if not exists documents_list on documents (list_partition, list_sort) where list_partition is not null;
`;

/** Waits so long for another process that writes, before STORE_UNAVAILABLE. */
const BUSY_MS = 5_000;

const ONE = 'select * from documents where pk = ? and sk = ?';

interface Row {
  pk: string;
  sk: string;
  version: number;
  value: string;
  open_partition: string | null;
  open_sort: string | null;
  list_partition: string | null;
  list_sort: string | null;
}

/** A write of one document that waits for the next commit. */
interface Waiting {
  readonly write: () => unknown;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * {@link Store} on SQLite. Writes that are asked for while the process is busy share one commit, since the sync to disk
 * is the cost; each still succeeds or conflicts by itself, on its own document.
 */
export class SqliteStore implements RestoringStore {
  readonly indexLagMs = 0;
  private readonly db: DatabaseSyncInstance;
  private readonly statements = new Map<string, StatementSyncInstance>();
  private waiting: Waiting[] = [];

  constructor(file: string) {
    this.db = new DatabaseSync(file);
    this.db.exec(`pragma busy_timeout = ${BUSY_MS}; pragma journal_mode = wal; pragma synchronous = full;`);
    this.db.exec(SCHEMA);
  }

  async get<T>(key: Key): Promise<Stored<T> | undefined> {
    const row = this.guard((): unknown => this.statement(ONE).get(key.pk, key.sk));
    return row ? fromRow<T>(row as Row) : undefined;
  }

  async getMany<T>(keys: readonly Key[]): Promise<(Stored<T> | undefined)[]> {
    return Promise.all(keys.map((key) => this.get<T>(key)));
  }

  async query<T>(pk: string, range: Range): Promise<Stored<T>[]> {
    const { where, order, values } = bounds('sk', range);
    const sql = `select * from documents where pk = ? ${where} order by sk ${order} limit ?`;
    const rows = this.guard((): unknown => this.statement(sql).all(pk, ...values, range.limit));
    return (rows as Row[]).map((row) => fromRow<T>(row));
  }

  async queryIndex(index: IndexName, partition: string, range: Range): Promise<IndexHit[]> {
    const sort = `${index}_sort`;
    const { where, order, values } = bounds(sort, range);
    const sql = `select pk, sk, ${sort} as sort from documents where ${index}_partition = ? ${where} order by ${sort} ${order} limit ?`;
    const rows = this.guard((): unknown => this.statement(sql).all(partition, ...values, range.limit));
    return (rows as { pk: string; sk: string; sort: string }[]).map(({ pk, sk, sort: at }) => ({
      key: { pk, sk },
      sort: at,
    }));
  }

  async put<T>(put: Put<T>): Promise<'saved' | 'conflict'> {
    const value = documentText(put.key, put.value);
    return this.inNextCommit(() => this.write(put, value));
  }

  async restore(document: Stored<unknown>): Promise<'saved' | 'present' | 'differs'> {
    const { key, version, places } = document;
    const value = documentText(key, document.value);
    return this.inNextCommit(() => {
      if (this.insert(key, version, value, places)) return 'saved';
      const present = this.statement(ONE).get(key.pk, key.sk) as unknown as Row;
      return sameDocument(fromRow(present), document) ? 'present' : 'differs';
    });
  }

  async scan(after: Key | undefined, limit: number): Promise<Stored<unknown>[]> {
    const sql = 'select * from documents where (pk, sk) > (?, ?) order by pk, sk limit ?';
    const rows = this.guard((): unknown => this.statement(sql).all(after?.pk ?? '', after?.sk ?? '', limit));
    return (rows as Row[]).map((row) => fromRow(row));
  }

  async close(): Promise<void> {
    this.commitWaiting();
    this.db.close();
  }

  private inNextCommit<R>(write: () => R): Promise<R> {
    return new Promise<R>((resolve, reject) => {
      this.waiting.push({ write, resolve: resolve as (result: unknown) => void, reject });
      if (this.waiting.length === 1) setImmediate(() => this.commitWaiting());
    });
  }

  private commitWaiting(): void {
    const batch = this.waiting;
    if (batch.length === 0) return;
    this.waiting = [];
    let results: unknown[];
    try {
      // Immediate: a deferred transaction that reads before it writes fails at once when another process has written.
      this.db.exec('begin immediate');
      try {
        results = batch.map((item) => item.write());
        this.db.exec('commit');
      } catch (error) {
        this.db.exec('rollback');
        throw error;
      }
    } catch (error) {
      const failure = new AppError('STORE_UNAVAILABLE', { writes: batch.length }, { cause: error });
      for (const item of batch) item.reject(failure);
      return;
    }
    batch.forEach((item, i) => item.resolve(results[i]));
  }

  private write({ key, expect, places = {} }: Put<unknown>, value: string): 'saved' | 'conflict' {
    if (expect === 0) return this.insert(key, 1, value, places) ? 'saved' : 'conflict';
    const sql = `update documents set value = ?, open_partition = ?, open_sort = ?, list_partition = ?, list_sort = ?, version = version + 1
      where pk = ? and sk = ? and version = ?`;
    const { changes } = this.statement(sql).run(value, ...columnsOf(places), key.pk, key.sk, expect);
    return changes === 1 ? 'saved' : 'conflict';
  }

  /** False where a document has this key already. */
  private insert(key: Key, version: number, value: string, places: IndexPlaces): boolean {
    const sql = `insert into documents (value, open_partition, open_sort, list_partition, list_sort, version, pk, sk)
      values (?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing`;
    return this.statement(sql).run(value, ...columnsOf(places), version, key.pk, key.sk).changes === 1;
  }

  private statement(sql: string): StatementSyncInstance {
    const known = this.statements.get(sql);
    if (known) return known;
    const made = this.db.prepare(sql);
    this.statements.set(sql, made);
    return made;
  }

  private guard<R>(read: () => R): R {
    try {
      return read();
    } catch (error) {
      throw new AppError('STORE_UNAVAILABLE', {}, { cause: error });
    }
  }
}

function bounds(column: string, range: Range): { where: string; order: 'asc' | 'desc'; values: string[] } {
  const [beyond, within] = range.descending ? ['<', '>='] : ['>', '<='];
  const where: string[] = [];
  const values: string[] = [];
  if (range.after !== undefined) {
    where.push(`and ${column} ${beyond} ?`);
    values.push(range.after);
  }
  if (range.upTo !== undefined) {
    where.push(`and ${column} ${within} ?`);
    values.push(range.upTo);
  }
  return { where: where.join(' '), order: range.descending ? 'desc' : 'asc', values };
}

function columnsOf({ open, list }: IndexPlaces): (string | null)[] {
  return [open?.partition ?? null, open?.sort ?? null, list?.partition ?? null, list?.sort ?? null];
}

function fromRow<T>(row: Row): Stored<T> {
  const places: { -readonly [name in IndexName]?: NonNullable<IndexPlaces[name]> } = {};
  if (row.open_partition !== null) places.open = { partition: row.open_partition, sort: row.open_sort ?? '' };
  if (row.list_partition !== null) places.list = { partition: row.list_partition, sort: row.list_sort ?? '' };
  return { key: { pk: row.pk, sk: row.sk }, version: row.version, value: JSON.parse(row.value) as T, places };
}
