import fc from 'fast-check';
import type { RatioStrategy } from '../../../../shared/domain/sync/ratio-strategy';
import { ratioWarnings } from '../../../../shared/domain/sync/ratio-warnings';

const NOW_MS = 1_764_000_000_000;

function strategy(id: string, shopIds: string[], ratioBp: number, more: Partial<RatioStrategy> = {}): RatioStrategy {
  return {
    ...{ id, name: id, enabled: true, shopIds, skuIds: null, warehouseIds: ['DS'], ratioBp, priority: 0 },
    ...{ validFromMs: null, validToMs: null, version: 1, resync: null, ...more },
  };
}

const warn = (strategies: RatioStrategy[], synced: (shopId: string) => boolean = () => true) =>
  ratioWarnings(strategies, synced, NOW_MS);

describe('warnings of ratios that share one stock', () => {
  it('says nothing of 60 % and 40 %, which use the stock up and no more', () => {
    expect(warn([strategy('a', ['tmall'], 6_000), strategy('b', ['doudian'], 4_000)])).toEqual([]);
  });

  it('says of 100 % and 80 % that 80 of 100 pieces can be sold twice', () => {
    // 100 × 100 % + 100 × 80 % = 180 pieces shown of 100.
    const [warning, ...others] = warn([strategy('a', ['tmall'], 10_000), strategy('b', ['doudian'], 8_000)]);
    expect(others).toEqual([]);
    expect(warning).toMatchObject({ warehouseId: 'DS', skuIds: null, ratioSumBp: 18_000, oversellPer100Qty: 80 });
    expect(warning?.shops.map(({ shopId, strategyId }) => [shopId, strategyId])).toEqual([
      ['doudian', 'b'],
      ['tmall', 'a'],
    ]);
    expect(warning?.text.zh).toBe(
      'DS：doudian 80% + tmall 100% = 180%（未被单独列出的商品）。每 100 件可用库存最多可能超卖 80 件',
    );
  });

  it('counts a shop once, by the strategy of the highest priority', () => {
    const [warning] = warn([
      strategy('a', ['tmall'], 10_000),
      strategy('first', ['tmall'], 7_000, { priority: 5 }),
      strategy('b', ['doudian'], 4_000),
    ]);
    // 70 % + 40 %, not 100 % + 40 %.
    expect(warning).toMatchObject({ ratioSumBp: 11_000, oversellPer100Qty: 10 });
  });

  it('warns of the SKUs alone that a list gives more', () => {
    const warnings = warn([
      strategy('a', ['tmall'], 6_000),
      strategy('b', ['doudian'], 4_000),
      strategy('c', ['doudian'], 5_000, { skuIds: ['A', 'B'] }),
    ]);
    // Others: 60 + 40. A and B: a list comes before 'all', so 60 + 50.
    expect(warnings).toMatchObject([{ skuIds: ['A', 'B'], skuCount: 2, ratioSumBp: 11_000, oversellPer100Qty: 10 }]);
  });

  it('sums per warehouse: two shops that share one of their warehouses', () => {
    const warnings = warn([
      strategy('a', ['tmall'], 8_000, { warehouseIds: ['DS', 'W2'] }),
      strategy('b', ['doudian'], 8_000, { warehouseIds: ['DS'] }),
    ]);
    expect(warnings.map(({ warehouseId, ratioSumBp }) => [warehouseId, ratioSumBp])).toEqual([['DS', 16_000]]);
  });

  it('warns of one shop that shows more than there is', () => {
    expect(warn([strategy('a', ['tmall'], 12_000)])).toMatchObject([{ ratioSumBp: 12_000, oversellPer100Qty: 20 }]);
  });

  it('leaves out strategies that are switched off, over, or not begun', () => {
    const b = strategy('b', ['doudian'], 8_000);
    const off = (more: Partial<RatioStrategy>) => warn([b, strategy('a', ['tmall'], 8_000, more)]);
    expect(off({ enabled: false })).toEqual([]);
    expect(off({ validToMs: NOW_MS })).toEqual([]);
    expect(off({ validFromMs: NOW_MS + 1 })).toEqual([]);
    expect(off({ validFromMs: NOW_MS, validToMs: NOW_MS + 1 })).toHaveLength(1);
  });

  it('tells what the shops show whose sync is ticked', () => {
    const two = [strategy('a', ['tmall'], 8_000), strategy('b', ['doudian'], 8_000)];
    const [warning] = warn(two, (shopId) => shopId === 'tmall');
    expect(warning).toMatchObject({ ratioSumBp: 16_000, syncedRatioSumBp: 8_000 });
    expect(warning?.shops.map(({ syncEnabled }) => syncEnabled)).toEqual([false, true]);
  });

  it('warns exactly where some SKU has more shown than there is, however strategies overlap', () => {
    const shops = fc.subarray(['s1', 's2', 's3'], { minLength: 1 });
    const skuIds = fc.option(fc.subarray(['A', 'B', 'C'], { minLength: 1 }));
    const one = fc.record({ shops, skuIds, bp: fc.integer({ min: 0, max: 12_000 }), priority: fc.nat(2) });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 5 }), (list) => {
        const strategies = list.map(({ shops: shopIds, skuIds: ids, bp, priority }, i) =>
          strategy(`r${i}`, shopIds, bp, { skuIds: ids, priority }),
        );
        // Worked out SKU by SKU and shop by shop; 'Z' is one that no list names.
        const above = ['A', 'B', 'C', 'Z'].filter((skuId) => {
          const sum = ['s1', 's2', 's3'].reduce((total, shopId) => {
            const fit = strategies.filter((s) => s.shopIds.includes(shopId) && (s.skuIds?.includes(skuId) ?? true));
            fit.sort(
              (a, b) =>
                b.priority - a.priority || +(a.skuIds === null) - +(b.skuIds === null) || (a.id < b.id ? -1 : 1),
            );
            return total + (fit[0]?.ratioBp ?? 0);
          }, 0);
          return sum > 10_000;
        });
        const warned = ratioWarnings(strategies, () => true, NOW_MS);
        const named = new Set(strategies.flatMap((s) => s.skuIds ?? []));
        const others = warned.some((warning) => warning.skuIds === null);
        for (const skuId of above) {
          const said = warned.some((w) => w.skuIds?.includes(skuId)) || (others && !named.has(skuId));
          // A named SKU whose shops and ratios are those of all others is told with these.
          if (!said) expect([skuId, others]).toEqual([skuId, true]);
        }
        if (above.length === 0) expect(warned).toEqual([]);
      }),
    );
  });
});
