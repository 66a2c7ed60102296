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
  it('has its shops walked at each of them, and once more when every clock has passed it', () => {
    const walked: number[] = [];
    for (let atMs: number | undefined = T - 100 * SECOND; atMs !== undefined; ) {
      atMs = dueMs(promotion({}), atMs);
      if (atMs !== undefined) walked.push((atMs - T) / SECOND);
    }
    expect(walked).toEqual([0, 10, 60, 70]);
  });

  it('has them walked once more where it is looked at in between', () => {
    expect(dueMs(promotion({}), T + SECOND)).toBe(T + 10 * SECOND);
    expect(dueMs(promotion({ validToMs: T + 5 * SECOND }), T + SECOND)).toBe(T + 5 * SECOND);
  });

  it('has them walked at once where it was saved', () => {
    expect(
      dueMs(promotion({ resync: resyncShops(['tb'], null, { fromMs: T + SECOND, resumed: false }) }), T + SECOND),
    ).toBe(T + SECOND);
  });
});
