import { inFlight, percentile, spreadOf } from '../../bench/statistics';

describe('what is measured several times', () => {
  it('is told by a value that was measured, and by the extremes', () => {
    expect(spreadOf([30, 10, 20])).toEqual({ median: 20, min: 10, max: 30 });
    // Of an even number the lower one of the middle: half of all values are not above it.
    expect(spreadOf([4, 1, 3, 2])).toEqual({ median: 2, min: 1, max: 4 });
  });

  it('has its percentiles at the nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => i + 1);
    expect([50, 95, 99, 100].map((percent) => percentile(hundred, percent))).toEqual([50, 95, 99, 100]);
    // 95 % of three values: the third.
    expect(percentile([10, 20, 30], 95)).toBe(30);
    expect(percentile([10], 50)).toBe(10);
  });
});

describe('work in flight', () => {
  it('is never more at once than was said, and all of it is done once', async () => {
    const done: number[] = [];
    let open = 0;
    let most = 0;
    await inFlight([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
      open += 1;
      most = Math.max(most, open);
      await new Promise((resolve) => setImmediate(resolve));
      open -= 1;
      done.push(item);
    });
    expect(most).toBe(3);
    expect(done.sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('fails with what failed', async () => {
    const failing = inFlight([1, 2], 2, async (item) => {
      if (item === 2) throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
  });
});
