import fc from 'fast-check';
import type { ListSpec } from '../../../functions/console/lists/merged-page';
import { mergedPage, timeSpan } from '../../../functions/console/lists/merged-page';
import { MemoryStore } from '../../../shared/adapters/memory/memory-store';
import { sortable } from '../../../shared/domain/kernel/ids';
import { AppError } from '../../../shared/errors';
import type { Store } from '../../../shared/ports/store';

interface Row {
  readonly shop: string;
  readonly atMs: number;
  readonly name: string;
  readonly no: number;
  readonly red: boolean;
}

const SHOPS = ['甲', 'b', 'c\u{1F600}'];

/** Few times and names: most sort texts are shared, within a shop and between shops. */
const rows = fc
  .array(
    fc.record({
      shop: fc.constantFrom(...SHOPS),
      atMs: fc.integer({ min: 1_000, max: 1_004 }),
      name: fc.constantFrom('x', 'x1', 'é', '\uffee', '\u{1F600}'),
      red: fc.boolean(),
    }),
    { maxLength: 60 },
  )
  .map((list) => list.map((row, no): Row => ({ ...row, no })));

const keyOf = ({ shop, no }: Row) => ({ pk: `row#${shop}#${no}`, sk: 'row' });
const sortOf = ({ atMs, name }: Row) => `${sortable(atMs)}#${name}`;

async function storeOf(list: readonly Row[]): Promise<MemoryStore> {
  const store = new MemoryStore();
  for (const row of list) {
    const places = { list: { partition: `rows#${row.shop}`, sort: sortOf(row) } };
    await store.put({ key: keyOf(row), expect: 0, value: row, places });
  }
  return store;
}

/** The order that is promised, by sorting the bytes of all rows at once. */
function sorted(list: readonly Row[], descending: boolean): Row[] {
  const text = (row: Row) => Buffer.from([sortOf(row), keyOf(row).pk].join('\u0000'), 'utf8');
  return [...list].sort((a, b) => (descending ? -1 : 1) * Buffer.compare(text(a), text(b)));
}

const base = (limit: number, descending: boolean): ListSpec<Row, Row> => ({
  ...{ partitions: SHOPS.map((shop) => `rows#${shop}`), query: { limit }, descending, filtered: false },
  row: ({ value }) => value,
});

async function walk(store: Store, spec: ListSpec<Row, Row>, between?: (page: number) => Promise<void>): Promise<Row[]> {
  const found: Row[] = [];
  let after: string | undefined;
  for (let pages = 0; ; pages += 1) {
    const page = await mergedPage<Row, Row>(store, { ...spec, query: { ...spec.query, after } });
    found.push(...page.rows);
    if (page.next === null) return found;
    expect(page.rows.length).toBeLessThanOrEqual(spec.query.limit);
    after = page.next;
    await between?.(pages);
  }
}

describe('a list merged over shops', () => {
  it('shows every row once and in order, whatever the pages, also where rows share their sort text', async () => {
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 1, max: 7 }), fc.boolean(), async (list, limit, descending) => {
        const store = await storeOf(list);
        expect(await walk(store, base(limit, descending))).toEqual(sorted(list, descending));
      }),
      { numRuns: 300 },
    );
  });

  it('shows exactly the rows of a span of time, from its first ms to before its last', async () => {
    await fc.assert(
      fc.asyncProperty(rows, fc.boolean(), fc.nat(6), fc.nat(6), async (list, descending, a, b) => {
        const query = { fromMs: 999 + a, toMs: 999 + b };
        const spec = { ...base(3, descending), ...timeSpan(query, descending) };
        const within = list.filter(({ atMs }) => atMs >= query.fromMs && atMs < query.toMs);
        expect(await walk(await storeOf(list), spec)).toEqual(sorted(within, descending));
      }),
      { numRuns: 300 },
    );
  });

  it('shows exactly the rows that a filter keeps', async () => {
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 1, max: 4 }), fc.boolean(), async (list, limit, descending) => {
        const spec: ListSpec<Row, Row> = {
          ...base(limit, descending),
          filtered: true,
          row: ({ value }) => (value.red ? value : undefined),
        };
        const kept = list.filter(({ red }) => red);
        expect(await walk(await storeOf(list), spec)).toEqual(sorted(kept, descending));
      }),
      { numRuns: 200 },
    );
  });

  it('loses and doubles none of the rows that were there when new ones come in between the pages', async () => {
    const row = (no: number, atMs: number): Row => ({ ...{ shop: 'b', name: 'x', red: true }, no, atMs });
    const before = Array.from({ length: 20 }, (_, no) => row(no, 1_000 + (no % 3)));
    const store = await storeOf(before);
    const found = await walk(store, base(3, true), async (page) => {
      const fresh = row(100 + page, 1_002);
      const places = { list: { partition: 'rows#b', sort: sortOf(fresh) } };
      await store.put({ key: keyOf(fresh), expect: 0, value: fresh, places });
    });
    expect(found.filter(({ no }) => no < 100)).toEqual(sorted(before, true));
  });

  it('stops behind 1,000 rows that the filter leaves out, says how far it looked, and goes on from there', async () => {
    const row = (no: number, red: boolean): Row => ({ ...{ shop: 'b', name: 'x' }, no, atMs: 10_000 - no, red });
    // The only red row is the 1,501st from the newest.
    const store = await storeOf(Array.from({ length: 2_000 }, (_, no) => row(no, no === 1_500)));
    const spec: ListSpec<Row, Row> = {
      ...base(50, true),
      ...{ filtered: true, row: ({ value }) => (value.red ? value : undefined) },
    };
    const first = await mergedPage<Row, Row>(store, spec);
    // 1,000 rows: number 0 to 999, of which the last is of 10,000 - 999 ms.
    expect([first.rows, first.next === null, first.searchedToMs]).toEqual([[], false, 9_001]);
    const second = await mergedPage<Row, Row>(store, { ...spec, query: { limit: 50, after: first.next ?? '' } });
    expect(second).toEqual({ rows: [row(1_500, true)], next: null, searchedToMs: null });
  });

  it.each(['zzz', '', 'W10', Buffer.from('["a","b"]').toString('base64url'), '%00'])(
    'refuses %j, which no page has given as next',
    async (after) => {
      const asked = mergedPage<Row, Row>(await storeOf([]), { ...base(5, true), query: { limit: 5, after } });
      await expect(asked).rejects.toThrow(AppError);
    },
  );
});
