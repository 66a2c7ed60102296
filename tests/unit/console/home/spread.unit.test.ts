import { spreadOf } from '../../../../functions/console/home/spread';

describe('median and 95th percentile', () => {
  it('are those of the nearest rank', () => {
    // 20 delays of 1 to 20 s: the 10th and the 19th.
    const delays = Array.from({ length: 20 }, (_, i) => (20 - i) * 1_000);
    expect(spreadOf(delays)).toEqual({ medianMs: 10_000, p95Ms: 19_000 });
    expect(spreadOf([7])).toEqual({ medianMs: 7, p95Ms: 7 });
  });

  it('are none of nothing', () => {
    expect(spreadOf([])).toBeNull();
  });
});
