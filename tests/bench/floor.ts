import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SETTINGS, SqliteStore } from '../../shared/adapters/sqlite/sqlite-store';
import { sortable } from '../../shared/domain/kernel/ids';

/** A document as the product left it: its text, and how often it was written. */
export interface Written {
  readonly text: string;
  readonly version: number;
}

/** Long enough that a commit more or less does not matter, short enough for two of them a run. */
const MEASURE_MS = 2_000;

/** About as long as the keys and places of the product's documents. */
const KEY = 'platform-order#dy-main#6917525310000000000';
const PARTITION = 'delivery-order#dy-main';

/**
 * What the raw engine does with nothing else: the same number of durable writes of the same sizes, into the product's own
 * table and indexes, with full sync, so many to a commit. Returns writes a second.
 */
export async function floorWritesPerSecond(
  orders: readonly (readonly Written[])[],
  perCommit: number,
): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'yipan-bench-'));
  try {
    const file = join(folder, 'floor.db');
    // The product's schema, whatever it is today.
    await new SqliteStore(file).close();
    const db = new DatabaseSync(file);
    db.exec(SETTINGS);
    try {
      return writesPerSecond(db, orders, perCommit);
    } finally {
      db.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writesPerSecond(db: DatabaseSyncInstance, orders: readonly (readonly Written[])[], perCommit: number): number {
  const insert = db.prepare(
    `insert into documents (value, open_partition, open_sort, list_partition, list_sort, version, pk, sk)
      values (?, ?, ?, ?, ?, 1, ?, ?) on conflict do nothing`,
  );
  const update = db.prepare(
    `update documents set value = ?, open_partition = ?, open_sort = ?, list_partition = ?, list_sort = ?, version = version + 1
      where pk = ? and sk = ? and version = ?`,
  );
  const startMs = performance.now();
  let writes = 0;
  let inCommit = 0;
  for (let n = 0; performance.now() - startMs < MEASURE_MS; n += 1) {
    const documents = orders[n % orders.length] ?? [];
    documents.forEach(({ text, version }, i) => {
      for (let at = 0; at < version; at += 1) {
        if (inCommit === 0) db.exec('begin immediate');
        const place = [`holding#${n % 4}`, sortable(n), PARTITION, sortable(n)];
        const key = [`${KEY}${n}`, String(i)];
        if (at === 0) insert.run(text, ...place, ...key);
        else update.run(text, null, null, ...place.slice(2), ...key, at);
        writes += 1;
        inCommit += 1;
        if (inCommit < perCommit) continue;
        db.exec('commit');
        inCommit = 0;
      }
    });
  }
  if (inCommit > 0) db.exec('commit');
  return (writes * 1_000) / (performance.now() - startMs);
}
