import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryStore } from '../../shared/adapters/memory/memory-store';
import { SqliteStore } from '../../shared/adapters/sqlite/sqlite-store';
import { DOCUMENT_BYTES_MAX, DOCUMENT_TEXT_BYTES_MAX } from '../../shared/ports/store';
import type { IndexPlaces, Range, Store } from '../../shared/ports/store';
import { useDynamoDb } from '../support/dynamodb';

const doc = (sk: string, pk = 'order#1') => ({ pk, sk });
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

jest.setTimeout(30_000);

function describeStore(name: string, open: (folder: string) => Store | Promise<Store>): void {
  describe(`store: ${name}`, () => {
    let folder: string;
    let store: Store;

    beforeEach(async () => {
      folder = mkdtempSync(join(tmpdir(), 'yipan-store-'));
      store = await open(folder);
    });

    afterEach(async () => {
      await store.close();
      rmSync(folder, { recursive: true });
    });

    const fill = async (sks: readonly string[], pk = 'ledger#A'): Promise<void> => {
      for (const sk of sks) await store.put({ key: doc(sk, pk), expect: 0, value: { sk } });
    };
    const sks = async (range: Range, pk = 'ledger#A'): Promise<string[]> =>
      (await store.query(pk, range)).map(({ key }) => key.sk);

    it('saves a document that must not exist yet, once', async () => {
      expect(await store.put({ key: doc('head'), expect: 0, value: { qty: 1 } })).toBe('saved');
      expect(await store.put({ key: doc('head'), expect: 0, value: { qty: 2 } })).toBe('conflict');
      expect(await store.get(doc('head'))).toEqual({ key: doc('head'), version: 1, value: { qty: 1 }, places: {} });
    });

    it('saves a change only at the version that was read, and counts the versions', async () => {
      await store.put({ key: doc('head'), expect: 0, value: { qty: 1 } });
      expect(await store.put({ key: doc('head'), expect: 1, value: { qty: 2 } })).toBe('saved');
      expect(await store.put({ key: doc('head'), expect: 1, value: { qty: 3 } })).toBe('conflict');
      expect(await store.put({ key: doc('head'), expect: 3, value: { qty: 4 } })).toBe('conflict');
      expect(await store.get(doc('head'))).toMatchObject({ version: 2, value: { qty: 2 } });
    });

    it('does not create a document for a change that expects one', async () => {
      expect(await store.put({ key: doc('none'), expect: 1, value: {} })).toBe('conflict');
      expect(await store.get(doc('none'))).toBeUndefined();
    });

    it('lets one of 50 racing puts win, for a new document and for a change', async () => {
      for (const expect_ of [0, 1]) {
        const results = await Promise.all(
          Array.from({ length: 50 }, (_, i) => store.put({ key: doc('race'), expect: expect_, value: { winner: i } })),
        );
        expect(results.filter((result) => result === 'saved')).toHaveLength(1);
        const stored = await store.get<{ winner: number }>(doc('race'));
        expect(stored?.version).toBe(expect_ + 1);
        expect(results[stored?.value.winner ?? -1]).toBe('saved');
      }
    });

    it('keeps partitions and sort keys apart, also where their texts run together', async () => {
      await store.put({ key: { pk: 'a#b', sk: 'c' }, expect: 0, value: 1 });
      await store.put({ key: { pk: 'a', sk: 'b#c' }, expect: 0, value: 2 });
      expect((await store.get({ pk: 'a#b', sk: 'c' }))?.value).toBe(1);
      expect((await store.get({ pk: 'a', sk: 'b#c' }))?.value).toBe(2);
      expect(await sks({ limit: 9 }, 'a')).toEqual(['b#c']);
    });

    it('queries in the order of the sort keys, either way, from behind the last one seen', async () => {
      await fill(['3', '1', '5', '2', '4']);
      await fill(['9'], 'ledger#B');
      expect(await sks({ limit: 10 })).toEqual(['1', '2', '3', '4', '5']);
      expect(await sks({ limit: 2 })).toEqual(['1', '2']);
      expect(await sks({ limit: 2, after: '2' })).toEqual(['3', '4']);
      expect(await sks({ limit: 10, after: '2', upTo: '4' })).toEqual(['3', '4']);
      expect(await sks({ limit: 2, descending: true })).toEqual(['5', '4']);
      expect(await sks({ limit: 10, descending: true, after: '4' })).toEqual(['3', '2', '1']);
      expect(await sks({ limit: 10, descending: true, after: '4', upTo: '2' })).toEqual(['3', '2']);
      expect(await sks({ limit: 10, after: '5' })).toEqual([]);
      expect(await sks({ limit: 10 }, 'ledger#C')).toEqual([]);
    });

    it('sorts by code point, as UTF-8 bytes do: letters beyond 16 bits last', async () => {
      await fill(['𠮷', 'Ａ', '吉', 'b', 'B', '10', '9']);
      expect(await sks({ limit: 10 })).toEqual(['10', '9', 'B', 'b', '吉', 'Ａ', '𠮷']);
      expect(await sks({ limit: 10, after: '吉', upTo: 'Ａ' })).toEqual(['Ａ']);
    });

    it('says how late its indexes may be', () => {
      expect(Number.isSafeInteger(store.indexLagMs) && store.indexLagMs >= 0).toBe(true);
    });

    it('finds a document in the two indexes where it was placed, and nowhere else', async () => {
      const at = (partition: string, sort: string) => ({ partition, sort });
      const place = (sk: string, expect_: number, places?: IndexPlaces) =>
        store.put({ key: doc(sk), expect: expect_, value: {}, ...(places && { places }) });
      const hits = async (index: 'open' | 'list', partition: string) =>
        (await store.queryIndex(index, partition, { limit: 9 })).map(({ key, sort }) => `${sort}=${key.sk}`);
      await place('x', 0, { open: at('audit#0', '2'), list: at('orders', 'b') });
      await place('y', 0, { list: at('orders', 'a') });
      await place('z', 0);
      expect(await hits('open', 'audit#0')).toEqual(['2=x']);
      expect(await hits('list', 'orders')).toEqual(['a=y', 'b=x']);
      expect(await hits('open', 'orders')).toEqual([]);
      // Moves from one partition to another, and leaves the other index.
      await place('x', 1, { open: at('holding#1', '7') });
      expect(await hits('open', 'audit#0')).toEqual([]);
      expect(await hits('open', 'holding#1')).toEqual(['7=x']);
      expect(await hits('list', 'orders')).toEqual(['a=y']);
      // A conflict moves nothing; a put without places leaves both.
      await place('x', 1, { open: at('audit#0', '1') });
      expect(await hits('open', 'holding#1')).toEqual(['7=x']);
      expect((await store.get(doc('x')))?.places).toEqual({ open: at('holding#1', '7') });
      await place('x', 2);
      expect(await hits('open', 'holding#1')).toEqual([]);
      expect((await store.get(doc('x')))?.places).toEqual({});
    });

    it('reads an index in ranges, either way', async () => {
      for (const sort of ['1', '2', '3', '4']) {
        await store.put({ key: doc(sort), expect: 0, value: {}, places: { open: { partition: 'p', sort } } });
      }
      const sorts = async (range: Range) => (await store.queryIndex('open', 'p', range)).map((hit) => hit.sort);
      expect(await sorts({ limit: 2 })).toEqual(['1', '2']);
      expect(await sorts({ limit: 9, after: '1', upTo: '3' })).toEqual(['2', '3']);
      expect(await sorts({ limit: 2, descending: true, after: '4' })).toEqual(['3', '2']);
    });

    it('hands out copies: nothing that a caller changes reaches the store', async () => {
      const value = { lines: [{ qty: 1 }] };
      const places = { open: { partition: 'p', sort: '1' } };
      const saved = store.put({ key: doc('head'), expect: 0, value, places });
      value.lines.push({ qty: 2 });
      await saved;
      places.open.sort = '2';
      const read = await store.get<{ lines: { qty: number }[] }>(doc('head'));
      read?.value.lines.push({ qty: 3 });
      expect((await store.get(doc('head')))?.value).toEqual({ lines: [{ qty: 1 }] });
      expect(await store.queryIndex('open', 'p', { limit: 9 })).toEqual([{ key: doc('head'), sort: '1' }]);
    });

    it('gets many in the order of the keys, with gaps for those that are not there', async () => {
      await fill(['1', '2'], 'order#1');
      const found = await store.getMany<{ sk: string }>([doc('2'), doc('none'), doc('1'), doc('2')]);
      expect(found.map((stored) => stored?.value.sk)).toEqual(['2', undefined, '1', '2']);
      expect(await store.getMany([])).toEqual([]);
    });

    it('reads more than one page of an engine holds, by keys, in a partition and as a whole', async () => {
      const text = randomBytes(75_000).toString('base64');
      const many = range(30).map((i) => doc(String(i).padStart(3, '0'), 'large'));
      for (const key of many) await store.put({ key, expect: 0, value: { text, sk: key.sk } });
      const sksOf = (found: readonly ({ value: unknown } | undefined)[]): unknown[] =>
        found.map((stored) => (stored?.value as { sk: string }).sk);
      const expected = many.map(({ sk }) => sk);
      expect(sksOf(await store.getMany(many))).toEqual(expected);
      expect(sksOf(await store.query('large', { limit: 100 }))).toEqual(expected);
      expect(sksOf(await store.query('large', { limit: 25, descending: true }))).toEqual(
        expected.reverse().slice(0, 25),
      );
      expect(await store.getMany(range(250).map((i) => doc(String(i).padStart(3, '0'), 'large')))).toHaveLength(250);
      let scanned = 0;
      for (
        let page = await store.scan(undefined, 100);
        page.length > 0;
        page = await store.scan(page.at(-1)?.key, 100)
      ) {
        scanned += page.length;
      }
      expect(scanned).toBe(30);
    });

    it('scans everything once, partition by partition, each in order, in pages of any size', async () => {
      for (const pk of ['b', 'a', 'a#1', 'c']) await fill(['2', '1'], pk);
      for (const limit of [1, 3, 100]) {
        const seen: string[] = [];
        for (
          let page = await store.scan(undefined, limit);
          page.length > 0;
          page = await store.scan(page.at(-1)?.key, limit)
        ) {
          expect(page.length).toBeLessThanOrEqual(limit);
          seen.push(...page.map(({ key }) => `${key.pk}/${key.sk}`));
        }
        const partitions = [...new Set(seen.map((id) => id.slice(0, -2)))];
        expect(seen).toEqual(partitions.flatMap((pk) => [`${pk}/1`, `${pk}/2`]));
        expect(partitions.sort()).toEqual(['a', 'a#1', 'b', 'c']);
      }
    });

    it('refuses a document that engines would not take, before anything is written', async () => {
      await store.put({ key: doc('head'), expect: 0, value: { text: 'short' } });
      // Two thirds of random Base64 are left when it is compressed; a text of one letter is too long as it is.
      const tooLarge = [randomBytes(DOCUMENT_BYTES_MAX).toString('base64'), 'a'.repeat(DOCUMENT_TEXT_BYTES_MAX)];
      for (const text of tooLarge) {
        await expect(store.put({ key: doc('head'), expect: 1, value: { text } })).rejects.toMatchObject({
          code: 'DOCUMENT_TOO_LARGE',
        });
      }
      expect(await store.get(doc('head'))).toMatchObject({ version: 1, value: { text: 'short' } });
    });

    it('takes a large order whole, whose text is longer than engines take but says the same again and again', async () => {
      const lines = Array.from({ length: 6_000 }, (_, i) => ({
        oid: String(i),
        title: '蓝牙玩具耳机',
        num: 1,
        price: '129.00',
      }));
      const value = { text: JSON.stringify(lines) };
      // 6,000 lines of about 90 bytes, and the quotes once more.
      expect(JSON.stringify(value).length).toBeGreaterThan(DOCUMENT_BYTES_MAX);
      expect(await store.put({ key: doc('raw'), expect: 0, value })).toBe('saved');
      expect((await store.get(doc('raw')))?.value).toEqual(value);
      const fits = { text: randomBytes((DOCUMENT_BYTES_MAX * 3) / 4 - 30).toString('base64') };
      expect(await store.put({ key: doc('fits'), expect: 0, value: fits })).toBe('saved');
      expect((await store.getMany([doc('fits'), doc('raw')])).map((stored) => stored?.value)).toEqual([fits, value]);
    });

    it('keeps text and numbers as they are', async () => {
      const value = {
        text: '一盘货 “库存” 𠮷 \u0000 \' " \\ \n',
        numbers: [0, -1, 1.5, 9_007_199_254_740_991, -9_007_199_254_740_991, 1e-7],
        nested: { none: null, yes: true, empty: {}, list: [] },
      };
      await store.put({ key: { pk: '店铺#天猫', sk: '单号 “1”' }, expect: 0, value });
      expect((await store.get({ pk: '店铺#天猫', sk: '单号 “1”' }))?.value).toEqual(value);
    });
  });
}

describeStore('SqliteStore', (folder) => new SqliteStore(join(folder, 'yipan.sqlite')));
describeStore('MemoryStore', () => new MemoryStore());

describe('on the DynamoDB API', () => {
  const engine = useDynamoDb();
  describeStore('DynamoStore', () => engine.newStore());
});
