import fc from 'fast-check';
import { InvariantBroken } from '../../../../shared/domain/kernel/assert';
import { shareOf, sumByKey } from '../../../../shared/domain/kernel/quantity';
import { FIXED_RUNS } from '../fixed-runs';

describe('share of a quantity', () => {
  it.each([
    // 7 × 60 % = 4.2
    [7, 6000, 4],
    // 3 × 33.33 % = 0.9999
    [3, 3333, 0],
    // 10 × 100 % = 10
    [10, 10_000, 10],
    // 9 × 150 % = 13.5
    [9, 15_000, 13],
    [0, 6000, 0],
    [10, 0, 0],
    // 1 × 0.01 % = 0.0001, and 10,000 of them make one piece
    [9_999, 1, 0],
    [10_000, 1, 1],
    // 0.07 × 100 is 7.000000000000001 as a float; in basis points 100 × 7 % is 7 exactly.
    [100, 700, 7],
    [100, 2900, 29],
  ])('gives of %i pieces at %i basis points %i', (qty, ratioBp, share) => {
    expect(shareOf(qty, ratioBp)).toBe(share);
  });

  it.each([
    [-1, 5000],
    [1.5, 5000],
    [Number.NaN, 5000],
    [1, -1],
    [1, 0.5],
    [1, 100_001],
    [Number.MAX_SAFE_INTEGER, 20_000],
    // 10^12 × 10^5 = 10^17 is beyond 2^53, though each of them is not.
    [1_000_000_000_000, 100_000],
  ])('breaks off on %d pieces at %d basis points', (qty, ratioBp) => {
    expect(() => shareOf(qty, ratioBp)).toThrow(InvariantBroken);
  });

  it('never rounds up, and loses less than one piece', () => {
    fc.assert(
      fc.property(fc.nat({ max: 1_000_000 }), fc.integer({ min: 0, max: 100_000 }), (qty, ratioBp) => {
        const lost = qty * ratioBp - shareOf(qty, ratioBp) * 10_000;
        expect(lost).toBeGreaterThanOrEqual(0);
        expect(lost).toBeLessThan(10_000);
      }),
      FIXED_RUNS,
    );
  });
});

describe('sums by key', () => {
  it('adds lines that share a SKU, in order of first appearance', () => {
    const lines: [string, number][] = [
      ['B', 2],
      ['A', 1],
      ['B', 3],
    ];
    const sums = sumByKey(
      lines,
      ([sku]) => sku,
      ([, qty]) => qty,
    );
    // B: 2 + 3 = 5
    expect([...sums]).toEqual([
      ['B', 5],
      ['A', 1],
    ]);
  });

  it('keeps a SKU whose pieces cancel out, with 0', () => {
    const sums = sumByKey(
      [3, -3],
      () => 'A',
      (qty) => qty,
    );
    expect([...sums]).toEqual([['A', 0]]);
  });

  it('is empty for no lines', () => {
    expect(
      sumByKey(
        [],
        () => 'A',
        () => 1,
      ).size,
    ).toBe(0);
  });
});
