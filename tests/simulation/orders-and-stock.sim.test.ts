import REGRESSION_SEEDS from './regression-seeds.json';
import { simulate } from './run';

/** Histories played on every push, those at which planted bugs showed among them; `npm run simulate -- --seeds A..B` plays more. */
const SEEDS = [...new Set([...Array.from({ length: 150 }, (_, i) => i + 1), ...Object.values(REGRESSION_SEEDS)])];

describe('orders and stock under crashes, lost messages, time-outs and races', () => {
  const sums = { orders: 0, acknowledged: 0, crashed: 0, failed: 0 };

  it.each(SEEDS)('everything that must hold holds in the history of seed %i', async (seed) => {
    const { violations, stats } = await simulate(seed);
    expect({ seed, violations }).toEqual({ seed, violations: [] });
    for (const name of ['orders', 'acknowledged', 'crashed', 'failed'] as const) sums[name] += stats[name];
  });

  it('the histories were eventful', () => {
    expect(sums.orders).toBeGreaterThan(SEEDS.length * 10);
    expect(sums.acknowledged).toBeGreaterThan(SEEDS.length * 10);
    expect(sums.crashed).toBeGreaterThan(SEEDS.length);
    expect(sums.failed).toBeGreaterThan(SEEDS.length);
  });

  it('one seed is one history, step by step', async () => {
    const [first, again, other] = [await simulate(4), await simulate(4), await simulate(5)];
    expect(again).toEqual(first);
    expect(other.traceHash).not.toBe(first.traceHash);
  });
});
