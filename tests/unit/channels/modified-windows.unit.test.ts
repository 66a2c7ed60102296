import fc from 'fast-check';
import { type ModifiedWindow, readModified, splitWindow } from '../../../shared/adapters/channels/modified-windows';

const MINUTE = 60_000;
const T = Date.parse('2026-03-08T06:00:00Z');
const HALF_HOUR = 30 * MINUTE;
const LATER = T + 24 * 60 * MINUTE;

describe('windows of modified time', () => {
  it('splits a window wider than allowed, each part beginning where the last one ended', () => {
    const parts = splitWindow({ fromMs: T, toMs: T + 70 * MINUTE }, LATER, HALF_HOUR);
    expect(parts).toEqual([
      { fromMs: T, toMs: T + 30 * MINUTE },
      { fromMs: T + 30 * MINUTE, toMs: T + 60 * MINUTE },
      { fromMs: T + 60 * MINUTE, toMs: T + 70 * MINUTE },
    ]);
  });

  it('rounds outwards to whole seconds', () => {
    expect(splitWindow({ fromMs: T + 999, toMs: T + 1001 }, LATER, HALF_HOUR)).toEqual([{ fromMs: T, toMs: T + 2000 }]);
  });

  it('gives a window of no length one second', () => {
    expect(splitWindow({ fromMs: T, toMs: T }, LATER, HALF_HOUR)).toEqual([{ fromMs: T, toMs: T + 1000 }]);
  });

  it('reads the last minute before now as a window of its own, since orders still move inside it', () => {
    const now = T + 10 * MINUTE;
    expect(splitWindow({ fromMs: T, toMs: now }, now, HALF_HOUR)).toEqual([
      { fromMs: T, toMs: T + 9 * MINUTE },
      { fromMs: T + 9 * MINUTE, toMs: now },
    ]);
  });
});

/** A seller's list as the platform keeps it; orders may be changed between two calls. */
class ShiftingList {
  readonly modified = new Map<number, number>();
  calls: { pageIndex: number; window: ModifiedWindow }[] = [];

  constructor(
    orders: number,
    private readonly newestFirst: boolean,
    private readonly changesBefore: readonly (readonly number[])[] = [],
  ) {
    for (let id = 0; id < orders; id += 1) this.modified.set(id, T + id * 1000);
  }

  page(window: ModifiedWindow, pageIndex: number, pageSize: number): { total: number; rows: number[] } {
    for (const id of this.changesBefore[this.calls.length] ?? [])
      if (this.modified.has(id)) this.modified.set(id, LATER);
    this.calls.push({ pageIndex, window });
    const inside = [...this.modified].filter(([, at]) => at >= window.fromMs && at <= window.toMs);
    inside.sort(([, a], [, b]) => (this.newestFirst ? b - a : a - b));
    const ids = inside.map(([id]) => id);
    return { total: ids.length, rows: ids.slice(pageIndex * pageSize, (pageIndex + 1) * pageSize) };
  }
}

async function readAll(list: ShiftingList, pageSize: number, resultsMax = Number.POSITIVE_INFINITY): Promise<number[]> {
  const window = { fromMs: T, toMs: T + 10 * MINUTE };
  const paging = { windowMsMax: HALF_HOUR, pageSize, resultsMax };
  const seen: number[] = [];
  for await (const rows of readModified(window, LATER, paging, async (part, index) =>
    list.page(part, index, pageSize),
  )) {
    seen.push(...rows);
  }
  return seen;
}

describe('paging by modified time', () => {
  it('asks once where everything fits one page', async () => {
    const list = new ShiftingList(3, true);
    expect(await readAll(list, 3)).toEqual([2, 1, 0]);
    expect(list.calls).toHaveLength(1);
  });

  it('learns the number of orders first, then reads from the last page to the first', async () => {
    const list = new ShiftingList(7, true);
    expect(await readAll(list, 3)).toEqual([0, 3, 2, 1, 6, 5, 4]);
    expect(list.calls.map((call) => call.pageIndex)).toEqual([0, 2, 1, 0]);
  });

  it('halves a window with more orders than the platform lets one page through', async () => {
    const list = new ShiftingList(10, false);
    const seen = await readAll(list, 2, 4);
    expect(new Set(seen).size).toBe(10);
    expect(Math.max(...list.calls.map((call) => call.pageIndex))).toBeLessThanOrEqual(2);
  });

  it('misses no order where another one changes within the second that is still open, and moves to the front', async () => {
    // Four orders of the last minute on pages of three. The oldest, alone on the last page, is read and then changes: A, B, C
    // move back one place, C onto the page that has been read.
    const now = T + 10 * MINUTE;
    const modified = new Map([50, 40, 30, 20].map((ago) => [`${ago} s ago`, now - ago * 1000]));
    const seen = new Set<string>();
    const pages = readModified(
      { fromMs: T, toMs: now },
      now,
      { windowMsMax: HALF_HOUR, pageSize: 3, resultsMax: Number.POSITIVE_INFINITY },
      async (part, index) => {
        const inside = [...modified].filter(([, at]) => at >= part.fromMs && at <= part.toMs);
        inside.sort(([, a], [, b]) => b - a);
        return { total: inside.length, rows: inside.slice(index * 3, (index + 1) * 3).map(([id]) => id) };
      },
    );
    for await (const rows of pages) {
      for (const id of rows) seen.add(id);
      if (rows.includes('50 s ago')) modified.set('50 s ago', now);
    }
    expect([...seen].sort()).toEqual([...modified.keys()].sort());
  });

  it('misses no order that stays in the window, whatever else changes between the calls', async () => {
    const changes = fc.array(fc.array(fc.nat({ max: 19 }), { maxLength: 4 }), { maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: 20 }),
        fc.integer({ min: 1, max: 6 }),
        fc.boolean(),
        changes,
        async (n, size, newestFirst, change) => {
          const list = new ShiftingList(n, newestFirst, change);
          const seen = new Set(await readAll(list, size));
          const stayed = [...list.modified].filter(([, at]) => at < LATER).map(([id]) => id);
          expect(stayed.filter((id) => !seen.has(id))).toEqual([]);
        },
      ),
    );
  });
});
