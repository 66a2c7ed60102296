import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryStore } from '../../shared/adapters/memory/memory-store';
import { SqliteStore } from '../../shared/adapters/sqlite/sqlite-store';
import type { RestoringStore } from '../../shared/ports/store';
import { DOCUMENT_BYTES_MAX } from '../../shared/ports/store';
import { useDynamoDb } from '../support/dynamodb';

const key = { pk: 'order#1', sk: 'head' };
const document = { key, version: 7, value: { b: 1, a: [2] }, places: { open: { partition: 'audit#0', sort: '5' } } };

function describeRestoring(name: string, open: (folder: string) => RestoringStore | Promise<RestoringStore>): void {
  describe(`restoring store: ${name}`, () => {
    let folder: string;
    let store: RestoringStore;

    beforeEach(async () => {
      folder = mkdtempSync(join(tmpdir(), 'yipan-restore-'));
      store = await open(folder);
    });

    afterEach(async () => {
      await store.close();
      rmSync(folder, { recursive: true });
    });

    it('writes a document with its version and its places, from which it goes on', async () => {
      expect(await store.restore(document)).toBe('saved');
      expect(await store.get(key)).toEqual(document);
      expect(await store.queryIndex('open', 'audit#0', { limit: 9 })).toEqual([{ key, sort: '5' }]);
      expect(await store.put({ key, expect: 0, value: 0 })).toBe('conflict');
      expect(await store.put({ key, expect: 7, value: 1 })).toBe('saved');
      expect(await store.get(key)).toEqual({ key, version: 8, value: 1, places: {} });
    });

    it('tells the same document, in whatever order its members are', async () => {
      await store.restore(document);
      expect(await store.restore({ ...document, value: { a: [2], b: 1 } })).toBe('present');
      expect(await store.get(key)).toEqual(document);
    });

    it('leaves another document as it is', async () => {
      await store.restore(document);
      for (const other of [{ version: 8 }, { value: { b: 1 } }, { places: {} }]) {
        expect(await store.restore({ ...document, ...other })).toBe('differs');
      }
      expect(await store.get(key)).toEqual(document);
    });

    it('refuses a document that engines would not take', async () => {
      const value = randomBytes(DOCUMENT_BYTES_MAX).toString('base64');
      await expect(store.restore({ ...document, value })).rejects.toMatchObject({ code: 'DOCUMENT_TOO_LARGE' });
      expect(await store.get(key)).toBeUndefined();
    });
  });
}

describeRestoring('SqliteStore', (folder) => new SqliteStore(join(folder, 'yipan.sqlite')));
describeRestoring('MemoryStore', () => new MemoryStore());

describe('on the DynamoDB API', () => {
  const engine = useDynamoDb();
  describeRestoring('DynamoStore', () => engine.newStore());
});
