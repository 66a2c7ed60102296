import { DatabaseSync, type DatabaseSyncInstance, type StatementSyncInstance } from '@photostructure/sqlite';
import { AppError } from '../../errors';
import type { IndexHit, IndexName, IndexPlaces, Key, Put, Range, RestoringStore, Stored } from '../../ports/store';
import { documentText } from '../document-text';
import { sameDocument } from '../same-document';

/**
 * The record of the embedded profile. One table; both indexes are columns of it, partial so that they stay sparse. Rows
 * lie by their row id, not by their key: a tree that is sorted by key holds so few documents a page that it reads and
 * writes at half the speed. The text comes last, so that the other columns are found without it.
 * WAL with full sync: what was answered 'saved' survives a kill and a power cut.
 */
const SCHEMA = `
  create table if not exists documents (
    id integer primary key, pk text not null, sk text not null, version integer not null,
    open_partition text, open_sort text, list_partition text, list_sort text, value text not null
  );
  create unique index if not exists documents_key on documents (pk, sk);
  create index if not exists documents_open on documents (open_partition, open_sort) where open_partition is not null;
  create index if not exists documents_list on documents (list_partition, list_sort) where list_partition is not null;
`;

/** As {@link Row} has them. */
const COLUMNS = 'pk, sk, version, open_partition, open_sort, list_partition, list_sort, value';

/** Waits so long for another process that writes, before STORE_UNAVAILABLE. */
const BUSY_MS = 5_000;

/**
 * How every connection works. The log is copied into the file at 32 MB instead of 4: pages that are written again and
 * again under load are then copied once, and opening after a kill still takes no time that a person would notice.
 */
export const SETTINGS = `
  pragma busy_timeout = ${BUSY_MS}; pragma journal_mode = wal; pragma synchronous = full; pragma wal_autocheckpoint = 8000;
  pragma journal_size_limit = 67108864;
`;

const ONE = `select ${COLUMNS} from documents where pk = ? and sk = ?`;

/** Arrays, not objects: half of a read's time would go into naming the columns. */
type Row = readonly [
  pk: string,
  sk: string,
  version: number,
  openPartition: string | null,
  openSort: string | null,
  listPartition: string | null,
  listSort: string | null,
  value: string,
];

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
    this.db.exec(SETTINGS);
    copyFormerTable(this.db);
    this.db.exec(SCHEMA);
  }

  async get<T>(key: Key): Promise<Stored<T> | undefined> {
    const [row] = this.read<Row>(ONE, [key.pk, key.sk], 1);
    return row && fromRow<T>(row);
  }

  async getMany<T>(keys: readonly Key[]): Promise<(Stored<T> | undefined)[]> {
    return Promise.all(keys.map((key) => this.get<T>(key)));
  }

  async query<T>(pk: string, range: Range): Promise<Stored<T>[]> {
    const { where, order, values } = bounds('sk', range);
    const sql = `select ${COLUMNS} from documents where pk = ? ${where} order by sk ${order} limit ?`;
    return this.read<Row>(sql, [pk, ...values, range.limit], range.limit).map((row) => fromRow<T>(row));
  }

  async queryIndex(index: IndexName, partition: string, range: Range): Promise<IndexHit[]> {
    const sort = `${index}_sort`;
    const { where, order, values } = bounds(sort, range);
    const sql = `select pk, sk, ${sort} from documents where ${index}_partition = ? ${where} order by ${sort} ${order} limit ?`;
    const rows = this.read<[string, string, string]>(sql, [partition, ...values, range.limit], range.limit);
    return rows.map(([pk, sk, at]) => ({ key: { pk, sk }, sort: at }));
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
      const [present] = this.read<Row>(ONE, [key.pk, key.sk], 1);
      return present && sameDocument(fromRow(present), document) ? 'present' : 'differs';
    });
  }

  async scan(after: Key | undefined, limit: number): Promise<Stored<unknown>[]> {
    const sql = `select ${COLUMNS} from documents where (pk, sk) > (?, ?) order by pk, sk limit ?`;
    return this.read<Row>(sql, [after?.pk ?? '', after?.sk ?? '', limit], limit).map((row) => fromRow(row));
  }

  async close(): Promise<void> {
    this.commitWaiting();
    this.emptyLog();
    this.db.close();
  }

  /** Statements that nobody can end keep SQLite from doing this when it closes: the file alone has everything afterwards. */
  private emptyLog(): void {
    try {
      this.db.exec('pragma wal_checkpoint(passive)');
    } catch {
      // A file that cannot be written to: what is in the log is read from there.
    }
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
    made.setReturnArrays(true);
    this.statements.set(sql, made);
    return made;
  }

  /** The rows of a select, `limit` at most. */
  private read<R>(sql: string, values: readonly (string | number)[], limit: number): R[] {
    try {
      const statement = this.statement(sql);
      // One row is asked for most of the time, and `all` takes twice as long for it as `get`.
      if (limit > 1) return statement.all(...values) as R[];
      const row = statement.get(...values) as R | undefined;
      return row ? [row] : [];
    } catch (error) {
      throw new AppError('STORE_UNAVAILABLE', {}, { cause: error });
    }
  }
}

/** A file of a million documents is copied in about a minute; who opens it meanwhile waits. */
const COPYING_MS = 600_000;

/**
 * Files of 0.3 and before keep the table sorted by key, without row ids: it is copied over once, in one commit, so that a
 * process that is killed meanwhile leaves the file as it was. Two that open it at once come one after the other.
 */
function copyFormerTable(db: DatabaseSyncInstance): void {
  const isFormer = (): boolean =>
    db.prepare(`select 1 from sqlite_schema where name = 'documents' and sql like '%without rowid%'`).get() !==
    undefined;
  if (!isFormer()) return;
  db.exec(`pragma busy_timeout = ${COPYING_MS}; begin immediate;`);
  try {
    if (isFormer()) {
      db.exec(`alter table documents rename to documents_before;
        drop index if exists documents_open; drop index if exists documents_list;
        ${SCHEMA}
        insert into documents (${COLUMNS}) select ${COLUMNS} from documents_before order by pk, sk;
        drop table documents_before;`);
    }
    db.exec('commit');
  } catch (error) {
    db.exec('rollback');
    throw error;
  } finally {
    db.exec(`pragma busy_timeout = ${BUSY_MS};`);
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

function fromRow<T>([pk, sk, version, openPartition, openSort, listPartition, listSort, value]: Row): Stored<T> {
  const places: { -readonly [name in IndexName]?: NonNullable<IndexPlaces[name]> } = {};
  if (openPartition !== null) places.open = { partition: openPartition, sort: openSort ?? '' };
  if (listPartition !== null) places.list = { partition: listPartition, sort: listSort ?? '' };
  return { key: { pk, sk }, version, value: JSON.parse(value) as T, places };
}
