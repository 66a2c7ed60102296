import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { exportStore } from '../../../infra/local/moving/export-store';
import { importStore } from '../../../infra/local/moving/import-store';
import { checkMoveFile } from '../../../infra/local/moving/read-move-file';
import { MemoryStore } from '../../../shared/adapters/memory/memory-store';
import type { Key, RestoringStore, Store, Stored } from '../../../shared/ports/store';

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
const place = fc.record({ partition: text, sort: text });
const documents = fc.uniqueArray(
  fc.record({
    key: fc.record({ pk: text, sk: text }),
    version: fc.integer({ min: 1, max: 1_000 }),
    value: fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown),
    places: fc.record({ open: place, list: place }, { requiredKeys: [] }),
  }),
  { selector: ({ key }) => JSON.stringify([key.pk, key.sk]), maxLength: 40 },
);

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'yipan-moving-'))));
afterEach(() => rmSync(folder, { recursive: true }));

async function filled(all: readonly Stored<unknown>[]): Promise<MemoryStore> {
  const store = new MemoryStore();
  for (const document of all) await store.restore(document);
  return store;
}

const numbered = (count: number): Stored<unknown>[] =>
  Array.from({ length: count }, (_, i) => ({
    key: { pk: `order#${i % 7}`, sk: String(i) },
    version: (i % 5) + 1,
    value: { number: i, note: '一盘货'.repeat(i % 30) },
    places: { list: { partition: 'orders', sort: String(i) } },
  }));

function exportTo(file: string, store: Store, { resume = false, source = 'memory', recheck = true } = {}) {
  return exportStore({ store, source, file, resume, nowMs: 1_700_000_000_000, recheck, onDocuments: () => undefined });
}

async function importFrom(file: string, store: RestoringStore, resume = false): Promise<void> {
  const { fingerprint } = await checkMoveFile(file, () => undefined);
  await importStore({ store, file, fingerprint, resume, writesAtOnce: 8, onDocuments: () => undefined });
}

/** A store that fails at its n-th call of one method, as a crash would. */
function failing(store: MemoryStore, method: 'scan' | 'restore', at: number): MemoryStore {
  let calls = 0;
  return new Proxy(store, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]): unknown => {
        if (name === method && (calls += 1) >= at) throw new Error('the power is gone');
        return Reflect.apply(member, target, args);
      };
    },
  });
}

describe('moving a store through a file', () => {
  it.each(['jsonl', 'jsonl.gz'])('keeps every document as it is, with its version (%s)', async (ending) => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(documents, async (all) => {
        run += 1;
        const [first, second] = [join(folder, `a${run}.${ending}`), join(folder, `b${run}.${ending}`)];
        const [from, to] = [await filled(all), new MemoryStore()];
        const total = await exportTo(first, from);
        await importFrom(first, to);
        expect(total.documents).toBe(all.length);
        expect(await to.scan(undefined, 100)).toEqual(await from.scan(undefined, 100));
        expect(await exportTo(second, to)).toEqual(total);
        expect(readFileSync(second)).toEqual(readFileSync(first));
      }),
      { numRuns: 30 },
    );
  });

  it.each(['jsonl', 'jsonl.gz'])('goes on with an export that ended in the middle (%s)', async (ending) => {
    const store = await filled(
      numbered(1_500).map((document) => ({ ...document, value: 'x'.repeat(5_000) + document.key.sk })),
    );
    const [file, whole] = [join(folder, `cut.${ending}`), join(folder, `whole.${ending}`)];
    await exportTo(whole, store);
    await expect(exportTo(file, failing(store, 'scan', 6))).rejects.toThrow('the power is gone');
    expect(existsSync(file)).toBe(false);
    await expect(exportTo(file, store)).rejects.toThrow('--resume');
    await expect(exportTo(file, store, { resume: true, source: 'other' })).rejects.toThrow('an export of memory');
    // A torn write behind the last whole block.
    writeFileSync(`${file}.part`, Buffer.concat([readFileSync(`${file}.part`), Buffer.from('{"pk":"torn')]));
    const scanned: (Key | undefined)[] = [];
    const watched = failing(store, 'scan', Infinity);
    const scan = store.scan.bind(store);
    store.scan = (after, limit) => {
      scanned.push(after);
      return scan(after, limit);
    };
    await exportTo(file, watched, { resume: true, recheck: false });
    expect(scanned[0]).toBeDefined();
    expect(readFileSync(file)).toEqual(readFileSync(whole));
    expect([existsSync(`${file}.part`), existsSync(`${file}.part.cursor`)]).toEqual([false, false]);
  });

  it('lets nobody else on the machine read what buyers told, in the middle of it either', async () => {
    const modes = (): number[] => readdirSync(folder).map((name) => statSync(join(folder, name)).mode & 0o777);
    const store = await filled(numbered(1_500).map((document) => ({ ...document, value: 'x'.repeat(5_000) })));
    const file = join(folder, 'a.jsonl.gz');
    await expect(exportTo(file, failing(store, 'scan', 6))).rejects.toThrow('the power is gone');
    expect(modes()).toEqual([0o600, 0o600]);
    // As a release before has left it.
    chmodSync(`${file}.part`, 0o644);
    await exportTo(file, store, { resume: true });
    expect(modes()).toEqual([0o600]);
  });

  it('refuses a store that is written to meanwhile, and leaves no file', async () => {
    const store = await filled(numbered(300));
    const file = join(folder, 'moving.jsonl');
    const scan = store.scan.bind(store);
    let scans = 0;
    store.scan = async (after, limit) => {
      const page = await scan(after, limit);
      if ((scans += 1) === 2) await store.put({ key: { pk: 'order#0', sk: 'new' }, expect: 0, value: 1 });
      return page;
    };
    await expect(exportTo(file, store)).rejects.toThrow('written to while it was read');
    expect([existsSync(file), existsSync(`${file}.part`)]).toEqual([false, false]);
  });

  it('goes on with an import that ended in the middle, only where nothing else is there', async () => {
    const from = await filled(numbered(1_000));
    const file = join(folder, 'a.jsonl.gz');
    await exportTo(file, from);
    const to = new MemoryStore();
    await expect(importFrom(file, failing(to, 'restore', 450))).rejects.toThrow('the power is gone');
    expect((await to.scan(undefined, 2_000)).length).toBeGreaterThan(200);
    await expect(importFrom(file, to)).rejects.toThrow('not empty');
    await importFrom(file, to, true);
    expect(await to.scan(undefined, 2_000)).toEqual(await from.scan(undefined, 2_000));
    await importFrom(file, to, true);
  });

  it('writes nothing into a store that holds other documents', async () => {
    const all = numbered(50);
    const file = join(folder, 'a.jsonl');
    await exportTo(file, await filled(all));
    const another = { key: { pk: 'sku#1', sk: 'head' }, version: 1, value: 1, places: {} };
    const other = await filled([...all.slice(0, 10), another]);
    await expect(importFrom(file, other, true)).rejects.toThrow('1 documents that are not in the file');
    expect(await other.scan(undefined, 100)).toHaveLength(11);
    const changed = await filled(all.slice(0, 10).map((document) => ({ ...document, version: 99 })));
    await expect(importFrom(file, changed, true)).rejects.toThrow('another document at order#');
    expect(await changed.scan(undefined, 100)).toHaveLength(10);
  });
});

describe('a file that is not whole', () => {
  it.each(['jsonl', 'jsonl.gz'])('is refused wherever it is cut off (%s)', async (ending) => {
    const file = join(folder, `a.${ending}`);
    await exportTo(file, await filled(numbered(40)));
    const { length } = readFileSync(file);
    for (let size = length - 1; size >= 0; size -= Math.ceil(length / 150)) {
      truncateSync(file, size);
      await expect(checkMoveFile(file, () => undefined)).rejects.toThrow(`${file} is not imported`);
    }
  });

  it('is refused wherever a bit is flipped', async () => {
    const file = join(folder, 'a.jsonl');
    await exportTo(file, await filled(numbered(10)));
    const bytes = readFileSync(file);
    for (let at = 0; at < bytes.length; at += 3) {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
      writeFileSync(file, flipped);
      const outcome = await checkMoveFile(file, () => undefined).then(
        () => `flipped at ${at} and not noticed`,
        () => 'refused',
      );
      expect(outcome).toBe('refused');
    }
  });

  it('is refused where another version wrote it, or something else', async () => {
    const file = join(folder, 'a.jsonl');
    await exportTo(file, await filled(numbered(3)));
    const right = readFileSync(file, 'utf8');
    writeFileSync(file, right.replace('"formatVersion":1', '"formatVersion":2'));
    await expect(checkMoveFile(file, () => undefined)).rejects.toThrow('format version 2, and this program reads');
    writeFileSync(file, '{"pk":"a"}\n');
    await expect(checkMoveFile(file, () => undefined)).rejects.toThrow('not an export of Yipan');
    writeFileSync(file, `${right}{}\n`);
    await expect(checkMoveFile(file, () => undefined)).rejects.toThrow('behind the last one');
  });
});
