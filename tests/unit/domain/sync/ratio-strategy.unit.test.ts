import type { RatioStrategy } from '../../../../shared/domain/sync/ratio-strategy';
import {
  covers,
  decidingStrategy,
  nextBoundaryMs,
  takesUpByDate,
  takesUpBySave,
} from '../../../../shared/domain/sync/ratio-strategy';

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

describe('whether a strategy takes up what it may not have covered until now', () => {
  const saved = (before: Partial<RatioStrategy> | undefined, now: Partial<RatioStrategy>) =>
    takesUpBySave(before && strategy(before), strategy(now), T);

  it.each([
    ['a new one', undefined, {}, true],
    ['a new one that is off', undefined, { enabled: false }, false],
    ['a new one that begins later', undefined, { validFromMs: T + 1 }, false],
    ['one that was off', { enabled: false }, {}, true],
    ['one with a shop more', {}, { shopIds: ['jd-1', 'tmall-1'] }, true],
    ['one with a shop less', { shopIds: ['jd-1', 'tmall-1'] }, {}, false],
    ['one for all SKUs that was for some', { skuIds: ['TEE'] }, {}, true],
    ['one with a SKU more', { skuIds: ['TEE'] }, { skuIds: ['CAP', 'TEE'] }, true],
    ['one for some SKUs that was for all', {}, { skuIds: ['TEE'] }, false],
    ['one with another ratio', {}, { ratioBp: 1 }, false],
    ['one that began at a date, and may not have been walked since', { validFromMs: T - 1 }, {}, true],
    ['one that was to end, and goes on', { validToMs: T + 1 }, {}, true],
  ] as const)('%s', (_name, before, now, expected) => {
    expect(saved(before, now)).toBe(expected);
  });

  it.each([
    ['no other', [], true],
    ['another for all SKUs', [{}], false],
    ['another for one of them', [{ skuIds: ['TEE'] }], true],
    ['another that ends when it begins', [{ validToMs: T }], false],
    ['another that has ended before', [{ validToMs: T - 1 }], true],
    ['another that begins with it', [{ validFromMs: T }], true],
    ['one for each of its shops', [{ shopIds: ['jd-1'] }, {}], false],
  ] as const)('by its date, besides %s', (_name, others, expected) => {
    const begun = strategy({ shopIds: ['jd-1', 'tmall-1'], skuIds: ['CAP', 'TEE'], validFromMs: T });
    const all = others.map((fields) => strategy({ shopIds: ['jd-1', 'tmall-1'], ...fields }));
    expect(takesUpByDate(begun, all, T)).toBe(expected);
    expect(takesUpByDate({ ...begun, validToMs: T + 1 }, all, T + 1)).toBe(false);
  });
});
