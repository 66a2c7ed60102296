import type { RatioStrategy } from '../../../../shared/domain/sync/ratio-strategy';
import { covers, decidingStrategy, nextBoundaryMs } from '../../../../shared/domain/sync/ratio-strategy';

const T = Date.parse('2026-03-08T06:00:00Z');
const HOUR = 3_600_000;

const strategy = (fields: Partial<RatioStrategy> = {}): RatioStrategy => ({
  ...{ id: 'S1', name: '默认', enabled: true, shopIds: ['tmall-1'], skuIds: null, warehouseIds: ['DIST'] },
  ...{ ratioBp: 6000, priority: 0, validFromMs: null, validToMs: null, version: 1, resync: null },
  ...fields,
});

describe('whether a strategy covers a shop and SKU', () => {
  const covered = (fields: Partial<RatioStrategy>, nowMs = T) => covers(strategy(fields), 'tmall-1', 'TEE', nowMs);

  it('depends on its tick, its shops and its SKUs', () => {
    expect(covered({})).toBe(true);
    expect(covered({ enabled: false })).toBe(false);
    expect(covered({ shopIds: ['jd-1'] })).toBe(false);
    expect(covered({ shopIds: [] })).toBe(false);
    expect(covered({ skuIds: ['CAP', 'TEE'] })).toBe(true);
    expect(covered({ skuIds: ['CAP'] })).toBe(false);
    expect(covered({ skuIds: [] })).toBe(false);
  });

  it('begins at its first moment and ends just before its last', () => {
    const valid = { validFromMs: T, validToMs: T + HOUR };
    expect([T - 1, T, T + HOUR - 1, T + HOUR].map((nowMs) => covered(valid, nowMs))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it('is open on a side for which no time is stated', () => {
    expect(covered({ validToMs: T + 1 })).toBe(true);
    expect(covered({ validFromMs: T })).toBe(true);
  });
});

describe('which strategy decides', () => {
  const choose = (...strategies: RatioStrategy[]) => decidingStrategy(strategies, 'tmall-1', 'TEE', T)?.id;

  it('is none where none covers', () => {
    expect(choose()).toBeUndefined();
    expect(choose(strategy({ enabled: false }))).toBeUndefined();
  });

  it('is the one of highest priority, before a list of SKUs counts', () => {
    expect(choose(strategy({ id: 'list', priority: 1, skuIds: ['TEE'] }), strategy({ id: 'all', priority: 2 }))).toBe(
      'all',
    );
  });

  it('is a list of SKUs before all SKUs among those of one priority', () => {
    const [all, list] = [strategy({ id: 'a-all' }), strategy({ id: 'z-list', skuIds: ['TEE'] })];
    expect([choose(all, list), choose(list, all)]).toEqual(['z-list', 'z-list']);
  });

  it('is the first by id where nothing else tells them apart, in whatever order they are read', () => {
    const [a, b] = [strategy({ id: 'a' }), strategy({ id: 'b' })];
    expect([choose(a, b), choose(b, a)]).toEqual(['a', 'a']);
  });

  it('passes over a promotion that is not on yet, and comes back when it is over', () => {
    const usual = strategy({ id: 'usual' });
    const promotion = strategy({ id: 'promotion', priority: 9, validFromMs: T, validToMs: T + HOUR });
    const at = (nowMs: number) => decidingStrategy([usual, promotion], 'tmall-1', 'TEE', nowMs)?.id;
    expect([at(T - 1), at(T), at(T + HOUR - 1), at(T + HOUR)]).toEqual(['usual', 'promotion', 'promotion', 'usual']);
  });

  it('leaves the list that it was given in its order', () => {
    const given = [strategy({ id: 'b' }), strategy({ id: 'a', priority: 5 })];
    choose(...given);
    decidingStrategy(given, 'tmall-1', 'TEE', T);
    expect(given.map(({ id }) => id)).toEqual(['b', 'a']);
  });
});

describe('when a strategy changes by itself', () => {
  const next = (fields: Partial<RatioStrategy>) => nextBoundaryMs(strategy(fields), T);

  it('is its beginning, then its end, then never', () => {
    const valid = strategy({ validFromMs: T, validToMs: T + HOUR });
    expect(nextBoundaryMs(valid, T - 1)).toBe(T);
    expect(nextBoundaryMs(valid, T)).toBe(T + HOUR);
    expect(nextBoundaryMs(valid, T + HOUR - 1)).toBe(T + HOUR);
    expect(nextBoundaryMs(valid, T + HOUR)).toBeNull();
  });

  it('is never for one that is always valid, or switched off', () => {
    expect(next({})).toBeNull();
    expect(next({ enabled: false, validFromMs: T + HOUR })).toBeNull();
  });

  it('is the one time ahead where only one is stated', () => {
    expect(next({ validFromMs: T + HOUR })).toBe(T + HOUR);
    expect(next({ validFromMs: T - HOUR, validToMs: T + 2 * HOUR })).toBe(T + 2 * HOUR);
  });
});
