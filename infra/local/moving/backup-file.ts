import { backup, DatabaseSync } from '@photostructure/sqlite';
import { existsSync } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { partOf, syncFolder } from './part-file';

/** 4 MB a step: between two of them progress is told. */
const PAGES_A_STEP = 1_000;

/** Waits so long for a host that opens or closes the file. */
const BUSY_MS = 5_000;

export interface BackupOptions {
  /** A SQLite file; a host may write to it meanwhile. */
  readonly from: string;
  readonly to: string;
  readonly onPages: (copied: number, total: number) => void;
}

/** What was copied. */
export interface BackedUp {
  readonly documents: number;
  readonly bytes: number;
}

/**
 * Copies a store's file as it is at one moment, its log of writes included, and keeps no writer waiting. The copy is one
 * file, and gets its name only when it is complete and durable.
 */
export async function backupFile({ from, to, onPages }: BackupOptions): Promise<BackedUp> {
  if (!existsSync(from)) throw new Error(`there is no file ${from}`);
  if (existsSync(to)) throw new Error(`${to} is there already`);
  const part = partOf(to);
  if (existsSync(part)) throw new Error(`${part} is a copy that is being made or did not end: remove it if none is`);
  const db = new DatabaseSync(from, { timeout: BUSY_MS });
  try {
    // One transaction that only reads, around the whole copy: without it SQLite begins anew after every write of a host.
    db.exec('begin');
    const documents = countDocuments(db, from);
    // Orders hold what buyers told: nobody else on the machine may read them.
    await (await open(part, 'wx', 0o600)).close();
    try {
      const progress = (pages: { totalPages: number; remainingPages: number }): void =>
        onPages(pages.totalPages - pages.remainingPages, pages.totalPages);
      await backup(db, part, { rate: PAGES_A_STEP, progress });
      await syncFile(part);
      await rename(part, to);
    } catch (error) {
      for (const suffix of ['', '-journal', '-wal', '-shm']) await rm(`${part}${suffix}`, { force: true });
      throw error;
    }
    await syncFolder(dirname(to));
    return { documents, bytes: (await stat(to)).size };
  } finally {
    db.close();
  }
}

function countDocuments(db: InstanceType<typeof DatabaseSync>, file: string): number {
  try {
    return Number(Object.values(db.prepare('select count(*) from documents').get() as object)[0]);
  } catch (error) {
    throw new Error(`${file} is no store: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
