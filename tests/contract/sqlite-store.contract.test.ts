import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { buildSync } from 'esbuild';
import { SqliteStore } from '../../shared/adapters/sqlite/sqlite-store';
import type { AppError } from '../../shared/errors';

const key = (sk: string) => ({ pk: 'ledger#W#A', sk });

describe('store: SqliteStore on its file', () => {
  let folder: string;
  let file: string;
  const opened: SqliteStore[] = [];

  const open = (): SqliteStore => {
    const store = new SqliteStore(file);
    opened.push(store);
    return store;
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'yipan-sqlite-'));
    file = join(folder, 'yipan.sqlite');
  });

  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close();
    rmSync(folder, { recursive: true });
  });

  it('has everything after closing and opening again, versions and index places included', async () => {
    const first = new SqliteStore(file);
    await first.put({ key: key('1'), expect: 0, value: { qty: 1 }, places: { open: { partition: 'p', sort: '1' } } });
    await first.put({ key: key('1'), expect: 1, value: { qty: 2 }, places: { open: { partition: 'p', sort: '2' } } });
    await first.close();
    const again = open();
    expect(await again.get(key('1'))).toEqual({
      ...{ key: key('1'), version: 2, value: { qty: 2 } },
      places: { open: { partition: 'p', sort: '2' } },
    });
    expect(await again.put({ key: key('1'), expect: 2, value: { qty: 3 } })).toBe('saved');
  });

  it('saves what was asked for before closing', async () => {
    const store = new SqliteStore(file);
    const put = store.put({ key: key('1'), expect: 0, value: {} });
    await store.close();
    expect(await put).toBe('saved');
    expect(await open().get(key('1'))).toBeDefined();
  });

  it('has everything in the file alone once it is closed', async () => {
    const store = new SqliteStore(file);
    await store.put({ key: key('1'), expect: 0, value: { qty: 1 } });
    await store.get(key('1'));
    await store.close();
    for (const suffix of ['-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
    expect(await open().get(key('1'))).toMatchObject({ value: { qty: 1 } });
  });

  it('lets two processes race for one document without losing a change', async () => {
    const stores = [open(), open()];
    const add = async (store: SqliteStore): Promise<void> => {
      for (;;) {
        const stored = await store.get<{ count: number }>(key('counter'));
        const value = { count: (stored?.value.count ?? 0) + 1 };
        if ((await store.put({ key: key('counter'), expect: stored?.version ?? 0, value })) === 'saved') return;
      }
    };
    const adding = stores.map(async (store) => {
      for (let i = 0; i < 100; i += 1) await add(store);
    });
    await Promise.all(adding);
    expect(await open().get(key('counter'))).toMatchObject({ version: 200, value: { count: 200 } });
  });

  it('shows what another process has saved at once', async () => {
    const [one, two] = [open(), open()];
    await one.put({ key: key('1'), expect: 0, value: { qty: 7 } });
    expect(await two.get(key('1'))).toMatchObject({ value: { qty: 7 } });
    expect(await two.query('ledger#W#A', { limit: 1, descending: true })).toHaveLength(1);
  });

  it('shares one commit among the writes of one moment', async () => {
    const store = open();
    const before = commits(file);
    const puts = Array.from({ length: 1_000 }, (_, i) => store.put({ key: key(String(i)), expect: 0, value: { i } }));
    expect(new Set(await Promise.all(puts))).toEqual(new Set(['saved']));
    expect(commits(file) - before).toBe(1);
  });

  it('lets each write of a shared commit succeed or conflict by itself', async () => {
    const store = open();
    await store.put({ key: key('taken'), expect: 0, value: { by: 'first' } });
    const results = await Promise.all([
      store.put({ key: key('a'), expect: 0, value: {} }),
      store.put({ key: key('taken'), expect: 0, value: { by: 'second' } }),
      store.put({ key: key('b'), expect: 0, value: {} }),
      store.put({ key: key('a'), expect: 1, value: {} }),
      store
        .put({ key: key('big'), expect: 0, value: 'x'.repeat(2_100_000) })
        .catch((error: unknown) => (error as AppError).code),
      store.put({ key: key('c'), expect: 7, value: {} }),
    ]);
    expect(results).toEqual(['saved', 'conflict', 'saved', 'saved', 'DOCUMENT_TOO_LARGE', 'conflict']);
    expect((await store.get(key('taken')))?.value).toEqual({ by: 'first' });
    expect(await store.get(key('c'))).toBeUndefined();
  });

  it('opens a file of 0.3, whose table had no row ids, and has everything that was in it', async () => {
    const db = new DatabaseSync(file);
    db.exec(`pragma journal_mode = wal;
      create table documents (
        pk text not null, sk text not null, version integer not null, value text not null,
        open_partition text, open_sort text, list_partition text, list_sort text,
        primary key (pk, sk)
      ) without rowid;
      create index documents_open on documents (open_partition, open_sort) where open_partition is not null;
      create index documents_list on documents (list_partition, list_sort) where list_partition is not null;
      insert into documents values ('ledger#W#A', '1', 3, '{"qty":7}', 'p', '5', null, null),
        ('ledger#W#A', '2', 1, '{"qty":8}', null, null, 'q', '6');`);
    db.close();
    const [one, two] = [open(), open()];
    for (const store of [one, two]) {
      expect(await store.scan(undefined, 10)).toEqual([
        { key: key('1'), version: 3, value: { qty: 7 }, places: { open: { partition: 'p', sort: '5' } } },
        { key: key('2'), version: 1, value: { qty: 8 }, places: { list: { partition: 'q', sort: '6' } } },
      ]);
      expect(await store.queryIndex('open', 'p', { limit: 10 })).toEqual([{ key: key('1'), sort: '5' }]);
      expect(await store.queryIndex('list', 'q', { limit: 10 })).toEqual([{ key: key('2'), sort: '6' }]);
    }
    expect(await one.put({ key: key('1'), expect: 3, value: { qty: 9 } })).toBe('saved');
    expect(await two.put({ key: key('1'), expect: 0, value: {} })).toBe('conflict');
    expect(await open().get(key('1'))).toEqual({ key: key('1'), version: 4, value: { qty: 9 }, places: {} });
  });

  it('answers STORE_UNAVAILABLE where the file cannot be used any more', async () => {
    const store = new SqliteStore(file);
    await store.close();
    await expect(store.get(key('1'))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await expect(store.put({ key: key('1'), expect: 0, value: {} })).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    });
  });

  it('loses nothing that it acknowledged when its process is killed', async () => {
    const acknowledged = await killedWriter(folder, file, 300);
    expect(acknowledged.length).toBeGreaterThanOrEqual(300);
    const store = open();
    const missing: string[] = [];
    for (const sk of acknowledged) if (!(await store.get(key(sk)))) missing.push(sk);
    expect(missing).toEqual([]);
    // And it goes on from there.
    expect(await store.put({ key: key('after'), expect: 0, value: {} })).toBe('saved');
  });
});

/** Commits in the write-ahead log: frames that carry the size of the database (SQLite file format, 4.1 and 4.2). */
function commits(file: string): number {
  const wal = readFileSync(`${file}-wal`);
  const pageBytes = wal.readUInt32BE(8);
  let count = 0;
  for (let at = 32; at + 24 + pageBytes <= wal.length; at += 24 + pageBytes)
    if (wal.readUInt32BE(at + 4) > 0) count += 1;
  return count;
}

const WRITER = `
  import { writeSync } from 'node:fs';
  import { SqliteStore } from './shared/adapters/sqlite/sqlite-store';
  const store = new SqliteStore(process.argv[2]);
  const work = async (worker) => {
    for (let i = 0; ; i += 1) {
      const sk = worker + '-' + i;
      if ((await store.put({ key: { pk: 'ledger#W#A', sk }, expect: 0, value: { text: 'x'.repeat(500) } })) === 'saved') writeSync(1, sk + '\\n');
    }
  };
  for (const worker of ['a', 'b', 'c', 'd']) work(worker);
`;

/** Runs a process that writes without end, kills it after so many acknowledged writes; returns those it told of. */
function killedWriter(folder: string, file: string, writes: number): Promise<string[]> {
  const root = join(__dirname, '../..');
  const outfile = join(folder, 'writer.js');
  buildSync({
    stdin: { contents: WRITER, resolveDir: root, loader: 'ts' },
    ...{ outfile, bundle: true, platform: 'node', format: 'cjs', external: ['@photostructure/sqlite'] },
  });
  const child = spawn(process.execPath, [outfile, file], {
    env: { ...process.env, NODE_PATH: join(root, 'node_modules') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      if (text.split('\n').length > writes) child.kill('SIGKILL');
    });
    child.on('error', reject);
    // The last line may be cut off by the kill.
    child.on('close', () => resolve(text.split('\n').slice(0, -1)));
  });
}
