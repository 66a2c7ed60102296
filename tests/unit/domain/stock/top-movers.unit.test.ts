import * as fc from 'fast-check';
import type { DayMovers } from '../../../../shared/domain/stock/top-movers';
import { addMoved, COUNTERS_MAX, mergeMovers } from '../../../../shared/domain/stock/top-movers';

const DAY = 1_000;
const moved = (skuId: string, qty: number, dayMs = DAY) => ({ dayMs, skuId, qty });

/** A few SKUs that sell all day, and more of the others than there are counters. */
const someMoved = fc.array(
  fc.record({ sku: fc.oneof(fc.nat({ max: 20 }), fc.nat({ max: 900 })), qty: fc.integer({ min: 1, max: 9 }) }),
  { minLength: 600, maxLength: 900 },
);

describe('top movers', () => {
  it('sums the pieces of each SKU, heaviest first, exactly while there are few', () => {
    const day = addMoved([], [moved('A', 2), moved('B', 5), moved('A', 4)], DAY);
    expect(mergeMovers([day[0]])).toEqual([
      { skuId: 'A', qty: 6, atLeastQty: 6 },
      { skuId: 'B', qty: 5, atLeastQty: 5 },
    ]);
  });

  it('adds up one SKU in several shards', () => {
    const [first, second] = [addMoved([], [moved('A', 2)], DAY)[0], addMoved([], [moved('A', 3)], DAY)[0]];
    expect(mergeMovers([first, second, undefined])).toEqual([{ skuId: 'A', qty: 5, atLeastQty: 5 }]);
  });

  it('drops the days before, and takes none of their pieces', () => {
    const days = addMoved([], [moved('A', 2, 1), moved('A', 3, 2)], 1);
    expect(addMoved(days, [moved('A', 9, 1), moved('B', 1, 3)], 2)).toEqual([
      { dayMs: 2, counters: [{ skuId: 'A', qty: 3, overQty: 0 }] },
      { dayMs: 3, counters: [{ skuId: 'B', qty: 1, overQty: 0 }] },
    ]);
  });

  it('gives the smallest counter to a new SKU where all are taken, and says how much that is too high', () => {
    const full = Array.from({ length: COUNTERS_MAX }, (_, i) => moved(`S${i}`, i === 7 ? 3 : 10));
    const [day] = addMoved([], [...full, moved('new', 2)], DAY);
    expect(day?.counters).toHaveLength(COUNTERS_MAX);
    expect(day?.counters.find(({ skuId }) => skuId === 'S7')).toBeUndefined();
    // 3 of S7's pieces and 2 of its own.
    expect(mergeMovers([day]).find(({ skuId }) => skuId === 'new')).toEqual({ skuId: 'new', qty: 5, atLeastQty: 2 });
  });

  it('never says less than at most, nor more than at least, and is never off by more than a 200th of a shard', () => {
    fc.assert(
      fc.property(someMoved, someMoved, (...shards) => {
        const days = shards.map((shard): DayMovers | undefined => {
          const pieces = shard.map(({ sku, qty }) => moved(`S${sku}`, qty));
          return addMoved(addMoved([], pieces.slice(0, 400), DAY), pieces.slice(400), DAY)[0];
        });
        const truly = new Map<string, number>();
        for (const { sku, qty } of shards.flat()) truly.set(`S${sku}`, (truly.get(`S${sku}`) ?? 0) + qty);
        const total = shards.flat().reduce((sum, { qty }) => sum + qty, 0);
        const wrong = mergeMovers(days).filter(({ skuId, qty, atLeastQty }) => {
          const is = truly.get(skuId) ?? 0;
          return is > qty || is < atLeastQty || qty - atLeastQty > total / COUNTERS_MAX;
        });
        expect(wrong).toEqual([]);
        // More SKUs than counters, unless they were few by chance.
        const skus = new Set(shards[0].map(({ sku }) => sku)).size;
        expect(days[0]?.counters).toHaveLength(Math.min(COUNTERS_MAX, skus));
      }),
      { numRuns: 30 },
    );
  });
});
