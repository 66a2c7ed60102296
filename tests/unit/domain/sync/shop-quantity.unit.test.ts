import fc from 'fast-check';
import type { ShopShare } from '../../../../shared/domain/sync/shop-quantity';
import { computeShopQuantities } from '../../../../shared/domain/sync/shop-quantity';
import { FIXED_RUNS, present } from '../fixed-runs';
import { balances, share } from './samples';

/** Quantities by shop for what is available. */
function shown(shares: readonly ShopShare[], available: Readonly<Record<string, number>>): Record<string, number> {
  const computed = computeShopQuantities(shares, balances(available));
  return Object.fromEntries(computed.map(({ shopId, qty }) => [shopId, qty]));
}

/** Shops of one warehouse by their ratios. */
const shops = (ratios: Readonly<Record<string, number>>, fields: Partial<ShopShare> = {}): ShopShare[] =>
  Object.entries(ratios).map(([shopId, ratioBp]) => share({ shopId, ratioBp, ...fields }));

describe('what a shop shows', () => {
  it('is its share of the available stock, rounded down', () => {
    // 7 × 60 % = 4.2
    expect(shown([share()], { DIST: 7 })).toEqual({ 'tmall-1': 4 });
  });

  it('is nothing where nothing is available, or the warehouse has no ledger yet', () => {
    expect(shown([share()], { DIST: 0 })).toEqual({ 'tmall-1': 0 });
    const [computed] = computeShopQuantities([share()], new Map());
    expect([computed?.qty, computed?.reason.balances]).toEqual([
      0,
      [{ warehouseId: 'DIST', ledgerNumber: 0, availableQty: 0 }],
    ]);
  });

  it('is never less than nothing', () => {
    expect(shown([share()], { DIST: -5 })).toEqual({ 'tmall-1': 0 });
  });

  it('is a share of the sum of its warehouses, rounded once', () => {
    // (3 + 5) × 60 % = 4.8 → 4; rounding each alone would give 1 + 3 = 4, and 50 % of 3 + 3 gives 3, not 1 + 1 = 2.
    expect(shown([share({ warehouseIds: ['A', 'B'] })], { A: 3, B: 5 })).toEqual({ 'tmall-1': 4 });
    expect(shown([share({ warehouseIds: ['A', 'B'], ratioBp: 5000 })], { A: 3, B: 3 })).toEqual({ 'tmall-1': 3 });
  });

  it('counts a warehouse once that is named twice', () => {
    expect(shown([share({ warehouseIds: ['DIST', 'DIST'] })], { DIST: 10 })).toEqual({ 'tmall-1': 6 });
  });

  it('comes with its whole derivation', () => {
    const shares = shops({ a: 6000, b: 4000 }, { warehouseIds: ['W2', 'W1'], reserveQty: 1, maxQty: 50 });
    const [, second] = computeShopQuantities(shares, balances({ W1: 3, W2: 4 }));
    expect(second).toEqual({
      shopId: 'b',
      // 7 × 40 % = 2.8 → 2, and the piece left over: a has 0.2 over, b has 0.8. 3 − 1 in reserve = 2.
      qty: 2,
      reason: {
        balances: [
          { warehouseId: 'W1', ledgerNumber: 41, availableQty: 3 },
          { warehouseId: 'W2', ledgerNumber: 42, availableQty: 4 },
        ],
        ...{ availableQty: 7, ratioBp: 4000, ratioFrom: 'strategy', strategyId: 'S1', strategyVersion: 3 },
        ...{ flooredQty: 2, remainderQty: 1, ratioSumBp: 10_000, reserveQty: 1, maxQty: 50 },
      },
    });
  });
});

describe('pieces that rounding down leaves over', () => {
  it('go to the largest remainder where ratios sum to exactly 100 %', () => {
    // 7 × 60 % = 4.2, 7 × 40 % = 2.8: 4 + 2 = 6, the seventh goes to the 0.8.
    expect(shown(shops({ a: 6000, b: 4000 }), { DIST: 7 })).toEqual({ a: 4, b: 3 });
  });

  it('go one by one where there are several', () => {
    // 5 × 33.33 % = 1.6665 (a, b), 5 × 33.34 % = 1.667 (c): 1 + 1 + 1, two over: c, then a before b.
    expect(shown(shops({ a: 3333, b: 3333, c: 3334 }), { DIST: 5 })).toEqual({ a: 2, b: 1, c: 2 });
  });

  it('go at equal remainders to the higher priority, though its id comes later', () => {
    const [a, b] = [share({ shopId: 'a', ratioBp: 5000 }), share({ shopId: 'b', ratioBp: 5000, priority: 1 })];
    expect(shown([a, b], { DIST: 1 })).toEqual({ a: 0, b: 1 });
  });

  it('go at equal remainders and priorities to the first shop by id, in whatever order they come', () => {
    const [a, b] = shops({ a: 5000, b: 5000 });
    expect(shown([present(a), present(b)], { DIST: 1 })).toEqual({ a: 1, b: 0 });
    expect(shown([present(b), present(a)], { DIST: 1 })).toEqual({ a: 1, b: 0 });
  });

  it('go to a larger remainder before a higher priority', () => {
    // 3 × 10 % = 0.3, 3 × 90 % = 2.7
    const [small, large] = [share({ shopId: 'a', ratioBp: 1000, priority: 9 }), share({ shopId: 'b', ratioBp: 9000 })];
    expect(shown([small, large], { DIST: 3 })).toEqual({ a: 0, b: 3 });
  });

  it('are none where everything divides', () => {
    expect(shown(shops({ a: 5000, b: 5000 }), { DIST: 8 })).toEqual({ a: 4, b: 4 });
  });

  it('stay with a single shop of 100 %', () => {
    expect(shown(shops({ a: 10_000 }), { DIST: 7 })).toEqual({ a: 7 });
  });

  it.each([
    ['less than', { a: 6000, b: 3999 }],
    ['more than', { a: 6000, b: 4001 }],
  ])('stay unsold where ratios sum to a little %s 100 %%', (_, ratios) => {
    // 7 × 60 % = 4.2, 7 × 39.99 % = 2.7993, 7 × 40.01 % = 2.8007
    expect(shown(shops(ratios), { DIST: 7 })).toEqual({ a: 4, b: 2 });
  });

  it('stay unsold where another shop draws on one of the warehouses from outside', () => {
    const shares = [
      ...shops({ a: 6000, b: 4000 }, { warehouseIds: ['W1', 'W2'] }),
      share({ shopId: 'c', warehouseIds: ['W2', 'W3'], ratioBp: 1000 }),
    ];
    // a: 7 × 60 % = 4.2, b: 7 × 40 % = 2.8, c: (4 + 10) × 10 % = 1.4
    expect(shown(shares, { W1: 3, W2: 4, W3: 10 })).toEqual({ a: 4, b: 2, c: 1 });
  });

  it('stay unsold where ratios sum to 100 % only with a shop that draws on more than these warehouses', () => {
    const shares = [share({ shopId: 'a' }), share({ shopId: 'b', warehouseIds: ['DIST', 'W2'], ratioBp: 4000 })];
    // a: 7 × 60 % = 4.2, b: (7 + 2) × 40 % = 3.6
    expect(shown(shares, { DIST: 7, W2: 2 })).toEqual({ a: 4, b: 3 });
  });

  it('are given out though another shop draws on warehouses of its own', () => {
    const shares = [...shops({ a: 6000, b: 4000 }), share({ shopId: 'c', warehouseIds: ['W3'], ratioBp: 1000 })];
    expect(shown(shares, { DIST: 7, W3: 15 })).toEqual({ a: 4, b: 3, c: 1 });
  });

  it('are shared by shops that name the same warehouses in another order', () => {
    const shares = [
      share({ shopId: 'a', ratioBp: 6000, warehouseIds: ['W1', 'W2'] }),
      share({ shopId: 'b', ratioBp: 4000, warehouseIds: ['W2', 'W1'] }),
    ];
    expect(shown(shares, { W1: 3, W2: 4 })).toEqual({ a: 4, b: 3 });
  });

  it('are not pooled between shops of two different warehouses that happen to sum to 100 %', () => {
    const shares = [share({ shopId: 'a', ratioBp: 6000 }), share({ shopId: 'b', ratioBp: 4000, warehouseIds: ['W2'] })];
    // 7 × 60 % = 4.2, 7 × 40 % = 2.8
    expect(shown(shares, { DIST: 7, W2: 7 })).toEqual({ a: 4, b: 2 });
  });
});

describe('shared selling', () => {
  it('shows pieces in several shops where ratios sum to more than 100 %, and says by how much', () => {
    const computed = computeShopQuantities(shops({ a: 10_000, b: 8000 }), balances({ DIST: 7 }));
    // 7 × 100 % = 7, 7 × 80 % = 5.6
    expect(computed.map(({ qty }) => qty)).toEqual([7, 5]);
    expect(computed.map(({ reason }) => [reason.ratioSumBp, reason.remainderQty])).toEqual([
      [18_000, 0],
      [18_000, 0],
    ]);
  });

  it('says so too where shops overlap in one warehouse only: the sum is that of the warehouse most shared', () => {
    const shares = [
      share({ shopId: 'a', warehouseIds: ['W1'], ratioBp: 10_000 }),
      share({ shopId: 'b', warehouseIds: ['W1', 'W2'], ratioBp: 5000 }),
      share({ shopId: 'c', warehouseIds: ['W3'], ratioBp: 8000 }),
    ];
    const computed = computeShopQuantities(shares, balances({ W1: 4, W2: 6, W3: 5 }));
    // (4 + 6) × 50 % = 5; W1 is drawn on by a and b: 100 % + 50 %.
    expect(computed.map(({ shopId, qty, reason }) => [shopId, qty, reason.ratioSumBp])).toEqual([
      ['a', 4, 15_000],
      ['b', 5, 15_000],
      ['c', 4, 8000],
    ]);
  });

  it('shows more than there is where one ratio alone says so', () => {
    // 7 × 150 % = 10.5
    expect(shown(shops({ a: 15_000 }), { DIST: 7 })).toEqual({ a: 10 });
  });
});

describe('reserve and cap of a shop', () => {
  it('keep back the reserve first and cap after it', () => {
    // 20 × 60 % = 12, − 3 = 9
    expect(shown([share({ reserveQty: 3 })], { DIST: 20 })).toEqual({ 'tmall-1': 9 });
    expect(shown([share({ reserveQty: 3, maxQty: 8 })], { DIST: 20 })).toEqual({ 'tmall-1': 8 });
    expect(shown([share({ reserveQty: 3, maxQty: 9 })], { DIST: 20 })).toEqual({ 'tmall-1': 9 });
    expect(shown([share({ reserveQty: 3, maxQty: 10 })], { DIST: 20 })).toEqual({ 'tmall-1': 9 });
  });

  it('show nothing where the reserve is all there is, or more', () => {
    expect(shown([share({ reserveQty: 6 })], { DIST: 10 })).toEqual({ 'tmall-1': 0 });
    expect(shown([share({ reserveQty: 7 })], { DIST: 10 })).toEqual({ 'tmall-1': 0 });
  });

  it('show nothing at a cap of nothing', () => {
    expect(shown([share({ maxQty: 0 })], { DIST: 10 })).toEqual({ 'tmall-1': 0 });
  });

  it('take the left-over piece of a shop too', () => {
    // b: 7 × 40 % = 2.8 → 2 + 1 = 3, − 1 = 2
    const shares = [share({ shopId: 'a' }), share({ shopId: 'b', ratioBp: 4000, reserveQty: 1 })];
    expect(shown(shares, { DIST: 7 })).toEqual({ a: 4, b: 2 });
  });
});

describe('any shops, ratios and stock', () => {
  const available = fc.nat({ max: 100_000 });
  const priorities = fc.array(fc.nat({ max: 2 }), { minLength: 6, maxLength: 6 });

  /** Cuts 100 % into parts. */
  const exactly100 = fc
    .uniqueArray(fc.integer({ min: 1, max: 9_999 }), { maxLength: 5 })
    .map((cuts) => [0, ...cuts.sort((a, b) => a - b), 10_000])
    .map((edges) => edges.slice(1).map((edge, i) => edge - present(edges[i])));
  const upTo100 = exactly100.chain((parts) => fc.subarray(parts, { minLength: 1 }));
  const anyRatios = fc.array(fc.integer({ min: 0, max: 30_000 }), { minLength: 1, maxLength: 6 });

  const sharesOf = (ratios: readonly number[], priority: readonly number[], fields: Partial<ShopShare> = {}) =>
    ratios.map((ratioBp, i) => share({ shopId: `shop-${i}`, ratioBp, priority: present(priority[i]), ...fields }));
  const quantities = (shares: readonly ShopShare[], qty: number): number[] =>
    computeShopQuantities(shares, balances({ DIST: qty })).map((computed) => computed.qty);
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);

  it('never shows more than there is where ratios sum to at most 100 %', () => {
    fc.assert(
      fc.property(available, upTo100, priorities, (qty, ratios, priority) => {
        expect(sum(quantities(sharesOf(ratios, priority), qty))).toBeLessThanOrEqual(qty);
      }),
      FIXED_RUNS,
    );
  });

  it('has every last piece for sale, each in one shop, where ratios sum to exactly 100 %', () => {
    fc.assert(
      fc.property(available, exactly100, priorities, (qty, ratios, priority) => {
        expect(sum(quantities(sharesOf(ratios, priority), qty))).toBe(qty);
      }),
      FIXED_RUNS,
    );
  });

  it('gives no shop more than one piece beyond its share, and none to a share without a remainder', () => {
    fc.assert(
      fc.property(available, exactly100, priorities, (qty, ratios, priority) => {
        quantities(sharesOf(ratios, priority), qty).forEach((given, i) => {
          const exact = qty * present(ratios[i]);
          expect(given * 10_000).toBeGreaterThan(exact - 10_000);
          expect(given * 10_000).toBeLessThan(exact + 10_000);
        });
      }),
      FIXED_RUNS,
    );
  });

  it('never shows a negative number, with any reserves and caps, and never more than the cap', () => {
    const limits = fc.record({ reserveQty: fc.nat({ max: 200 }), maxQty: fc.option(fc.nat({ max: 200 })) });
    fc.assert(
      fc.property(fc.nat({ max: 500 }), anyRatios, priorities, limits, (qty, ratios, priority, limit) => {
        for (const shownQty of quantities(sharesOf(ratios, priority, limit), qty)) {
          expect(shownQty).toBeGreaterThanOrEqual(0);
          expect(shownQty).toBeLessThanOrEqual(limit.maxQty ?? Number.MAX_SAFE_INTEGER);
        }
      }),
      FIXED_RUNS,
    );
  });

  it('shows in no shop less when more is available, where no remainder is shared out', () => {
    const limits = fc.record({ reserveQty: fc.nat({ max: 20 }), maxQty: fc.option(fc.nat({ max: 200 })) });
    const more = fc.nat({ max: 50 });
    fc.assert(
      fc.property(fc.nat({ max: 500 }), more, anyRatios, priorities, limits, (qty, plus, ratios, priority, limit) => {
        fc.pre(sum(ratios) !== 10_000);
        const shares = sharesOf(ratios, priority, limit);
        const [before, after] = [quantities(shares, qty), quantities(shares, qty + plus)];
        after.forEach((shownQty, i) => expect(shownQty).toBeGreaterThanOrEqual(present(before[i])));
      }),
      FIXED_RUNS,
    );
  });

  it('gives the same to each shop in whatever order the shops come', () => {
    const shuffled = exactly100.chain((ratios) =>
      fc.record({
        ratios: fc.constant(ratios),
        order: fc.shuffledSubarray([...ratios.keys()], { minLength: ratios.length }),
      }),
    );
    fc.assert(
      fc.property(available, shuffled, priorities, (qty, { ratios, order }, priority) => {
        const shares = sharesOf(ratios, priority);
        const mixed = order.map((i) => present(shares[i]));
        expect(shown(mixed, { DIST: qty })).toEqual(shown(shares, { DIST: qty }));
      }),
      FIXED_RUNS,
    );
  });

  it('answers each shop once, whatever warehouses the shops mix', () => {
    const mixed = fc.array(
      fc.record({ warehouseIds: fc.subarray(['W1', 'W2', 'W3'], { minLength: 1 }), ratioBp: fc.nat({ max: 10_000 }) }),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(mixed, (given) => {
        const shares = given.map((fields, i) => share({ shopId: `shop-${i}`, ...fields }));
        const computed = computeShopQuantities(shares, balances({ W1: 7, W2: 11, W3: 13 }));
        expect(computed.map(({ shopId }) => shopId).sort()).toEqual(shares.map(({ shopId }) => shopId).sort());
      }),
      FIXED_RUNS,
    );
  });
});
