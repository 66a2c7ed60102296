import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { systemClock } from '../../shared/adapters/system/system';
import type { Clock } from '../../shared/ports/clock';
import { keys } from '../../shared/procedures/keys';
import { SYNC_PROGRESS } from '../../shared/procedures/sync-progress';
import { listingOf, skuIdOf } from './brand';
import { doudianOrder } from './doudian-orders';
import type { SqliteWorld } from './sqlite-world';
import { newSqliteWorld } from './sqlite-world';

/** How large a shop has grown. */
export interface Size {
  readonly skus: number;
  /** Ledger entries and delivery orders of the past, each. */
  readonly history: number;
  /** Orders of the past, where they are not as many as the entries. */
  readonly orders?: number;
}

/** Orders of the past have the numbers from here on, those that are measured the ones below. */
const PAST_FROM = 1_000_000;

/** The past is over: longer ago than any sweep looks back. */
const PAST_MS = 3_600_000;

const PAST_CLOCK: Clock = { nowMs: () => Date.now() - PAST_MS, sleep: (ms) => systemClock.sleep(ms) };

interface Row {
  readonly pk: string;
  readonly sk: string;
  readonly version: number;
  readonly value: string;
  readonly [column: string]: string | number | null;
}

const COLUMNS = ['pk', 'sk', 'version', 'value', 'open_partition', 'open_sort', 'list_partition', 'list_sort'];

/**
 * A store with a large catalogue and a long past. One SKU and one order are made by the product's own steps; their rows are
 * then copied under other numbers straight into the file, since a million by the steps would take an hour.
 */
export async function newGrownWorld(
  { skus, history, orders = history }: Size,
  tell: (what: string) => void,
): Promise<SqliteWorld> {
  const world = await newSqliteWorld({ skuCount: 1, stockQty: 1_000_000, shops: 'doudian' }, PAST_CLOCK);
  const order = doudianOrder(PAST_FROM, [0], PAST_CLOCK.nowMs());
  world.platform.place(order, PAST_CLOCK.nowMs());
  await world.world.push(order);
  await world.world.deliver();
  await world.store.put({ key: keys.progress(SYNC_PROGRESS), expect: 0, value: { computedUpToMs: Date.now() } });
  const db = new DatabaseSync(world.file);
  try {
    db.exec('pragma synchronous = off;');
    tell(`${skus} SKUs`);
    copySkus(db, skus);
    tell(`${history} entries and ${orders} orders of the past`);
    copyLedgers(db, skus, history);
    copyOrders(db, orders, order.orderNo);
    db.exec('pragma wal_checkpoint(truncate);');
  } finally {
    db.close();
  }
  return world;
}

function copySkus(db: DatabaseSyncInstance, count: number): void {
  const rows = rowsWhere(
    db,
    `pk = 'sku#${skuIdOf(0)}' or pk like 'mapping#%' or (pk like 'ledger#%' and version = 1)`,
  ).filter(({ pk, sk }) => !pk.startsWith('ledger#') || Number(sk) === 1);
  copy(db, rows, 1, count, (text, n) => asSku(text, n));
}

/** Entries behind the first one of each SKU, so many that all together are the history. */
function copyLedgers(db: DatabaseSyncInstance, skus: number, history: number): void {
  const first = rowsWhere(db, `pk like 'ledger#%#${skuIdOf(0)}'`).filter(({ sk }) => Number(sk) === 1);
  const more = Math.floor(history / skus) - 1;
  const sk = first[0]?.sk ?? '';
  // SKU 0 has had an order, and entries of its own.
  copy(db, first, 0, (skus - 1) * Math.max(0, more), (text, i) =>
    asSku(text, 1 + (i % (skus - 1)))
      .replaceAll(sk, String(2 + Math.floor(i / (skus - 1))).padStart(sk.length, '0'))
      .replace('"number":1,', `"number":${2 + Math.floor(i / (skus - 1))},`),
  );
}

function copyOrders(db: DatabaseSyncInstance, count: number, orderNo: string): void {
  const rows = rowsWhere(db, `pk like 'delivery-order#%' or (pk like 'platform-order#%' and sk = 'head')`);
  // The last two digits number an order's lines.
  const [prefix, from] = [orderNo.slice(0, -2), BigInt(orderNo.slice(0, -2))];
  copy(db, rows, 1, count, (text, n) => text.replaceAll(prefix, String(from + BigInt(n))));
}

function asSku(text: string, n: number): string {
  const [from, to] = [listingOf(0), listingOf(n)];
  return text
    .replaceAll(skuIdOf(0), skuIdOf(n))
    .replaceAll(from.itemId, to.itemId)
    .replaceAll(from.platformSkuId ?? '', to.platformSkuId ?? '');
}

function rowsWhere(db: DatabaseSyncInstance, condition: string): Row[] {
  const rows: unknown = db.prepare(`select * from documents where ${condition}`).all();
  return rows as Row[];
}

/** Rows of one commit: few enough for the log to stay small. */
const ROWS_AT_ONCE = 50_000;

function copy(
  db: DatabaseSyncInstance,
  rows: readonly Row[],
  from: number,
  to: number,
  as: (text: string, n: number) => string,
): void {
  const insert = db.prepare(
    `insert or ignore into documents (${COLUMNS.join(', ')}) values (${COLUMNS.map(() => '?').join(', ')})`,
  );
  for (let n = from; n < to; ) {
    db.exec('begin');
    for (const end = Math.min(to, n + ROWS_AT_ONCE); n < end; n += 1) {
      for (const row of rows) {
        insert.run(
          ...COLUMNS.map((column) => {
            const value = row[column] ?? null;
            return typeof value === 'string' ? as(value, n) : value;
          }),
        );
      }
    }
    db.exec('commit');
  }
}
