import type { RatioStrategy } from '../../../shared/domain/sync/ratio-strategy';
import { resyncShops } from '../../../shared/domain/sync/resync';
import { resyncPlaces } from '../../../shared/procedures/resync-places';

const T = Date.UTC(2026, 10, 11);
const SECOND = 1_000;

const promotion = (fields: Partial<RatioStrategy>): RatioStrategy => ({
  ...{ id: 'R1', name: '双11', enabled: true, shopIds: ['tb'], skuIds: null, warehouseIds: ['DC'], ratioBp: 10_000 },
  ...{ priority: 0, validFromMs: T, validToMs: T + 60 * SECOND, version: 1, resync: null },
  ...fields,
});

/** When the strategy is looked at next, after `atMs`. */
function dueMs(strategy: RatioStrategy, atMs: number): number | undefined {
  const sort = resyncPlaces(strategy, atMs).open?.sort;
  return sort === undefined ? undefined : Number(sort.split('#')[0]);
}

describe('a strategy that begins and ends by its dates', () => {
  it('has its shops walked when every clock has passed the moment', () => {
    expect(dueMs(promotion({}), T - 100 * SECOND)).toBe(T + 10 * SECOND);
    expect(dueMs(promotion({}), T + 10 * SECOND)).toBe(T + 70 * SECOND);
    expect(dueMs(promotion({}), T + 70 * SECOND)).toBeUndefined();
  });

  it('has them walked again where it was walked while some clock may not have passed the moment', () => {
    expect(dueMs(promotion({}), T + SECOND)).toBe(T + 10 * SECOND);
    expect(dueMs(promotion({}), T + 69 * SECOND)).toBe(T + 70 * SECOND);
  });

  it('has them walked at once where it was saved', () => {
    expect(dueMs(promotion({ resync: resyncShops(['tb'], null, false) }), T + SECOND)).toBe(T + SECOND);
  });
});
