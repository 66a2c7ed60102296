import { shopSilence } from '../../../../functions/console/home/shop-silence';

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 2, 8, 6, 0, 0);

/** 30 orders, newest first, so many minutes apart, the newest so many minutes ago. */
const orders = (agoMin: number, apartMin: number, count = 30): number[] =>
  Array.from({ length: count }, (_, i) => NOW - (agoMin + i * apartMin) * MINUTE);

describe('a silent shop', () => {
  it('is one without an order for more than twice its longest pause', () => {
    // A pause of 70 min, then of 140 and a little more.
    expect(shopSilence(orders(140, 70), NOW, NOW)).toBeNull();
    expect(shopSilence(orders(141, 70), NOW, NOW)).toEqual({
      reason: 'no-order',
      newestOrderAtMs: NOW - 141 * MINUTE,
      silentForMs: 141 * MINUTE,
      usualGapMs: 70 * MINUTE,
    });
  });

  it('is not one that pauses for two hours, however busy it is otherwise', () => {
    expect(shopSilence(orders(120, 1), NOW, NOW)).toBeNull();
    expect(shopSilence(orders(121, 1), NOW, NOW)).toMatchObject({ reason: 'no-order', usualGapMs: MINUTE });
  });

  it('cannot be told of one with few orders', () => {
    expect(shopSilence(orders(10_000, 1, 19), NOW, NOW)).toBeNull();
    expect(shopSilence(orders(10_000, 1, 20), NOW, NOW)).not.toBeNull();
    expect(shopSilence([], NOW, NOW)).toBeNull();
  });

  it('is one whose pull is behind by more than ten minutes, or has never come, whatever was ordered', () => {
    expect(shopSilence(orders(1, 1), NOW - 10 * MINUTE, NOW)).toBeNull();
    expect(shopSilence(orders(1, 1), NOW - 10 * MINUTE - 1, NOW)).toMatchObject({ reason: 'pull-behind' });
    expect(shopSilence([], null, NOW)).toEqual({
      reason: 'pull-behind',
      newestOrderAtMs: null,
      silentForMs: null,
      usualGapMs: null,
    });
  });
});
