import { summariseLedgers } from '../../../functions/stock-change-capture/summarise-stock';
import { convertPlatformOrders } from '../../../shared/procedures/convert-platform-orders';
import { systemClock } from '../../../shared/adapters/system/system';
import { TIMERS } from '../../../infra/local/host/schedule';
import { SeededRandom } from '../../support/seeded-random';
import { CountingStore } from '../counting/counting-store';
import { Tally } from '../counting/tally';
import { doudianOrder } from '../doudian-orders';
import type { Size } from '../grown-store';
import { newGrownWorld } from '../grown-store';
import type { Part } from '../result';
import { targetOf } from '../result';
import { storeOrders } from '../sqlite-world';
import type { Spread } from '../statistics';
import { inFlight, msOf, spreadOf } from '../statistics';
import { stepOf } from '../timer-steps';

const SMALLEST: Size = { skus: 1_000, history: 10_000 };
const SIZES: readonly Size[] = [SMALLEST, { skus: 100_000, history: 100_000 }, { skus: 1_000_000, history: 1_000_000 }];

const ORDERS = 500;
const ROUNDS = 5;
const AT_ONCE = 32;
const FALL_MAX = 0.15;

/** What was found at one size. */
interface Grown extends Size {
  readonly reads: number;
  readonly writes: number;
  readonly rate: Spread;
  /** All timers of the host once, with nothing to do but the read-back. */
  readonly timersMs: Spread;
  /** The one that took longest, and its median. */
  readonly slowest: { readonly timer: string; readonly ms: number };
}

/** The part `growth`: the same work in a small and in a large shop. */
export const GROWTH: Part = {
  name: 'growth',
  about: 'orders and idle timers at 1 k, 100 k and 1 M SKUs and as much of a past; takes minutes and 4 GB of disk',
  byDefault: false,
  run: async (progress) => {
    const found: Grown[] = [];
    // The first world measured would pay for what the engine has yet to compile.
    await measure(SMALLEST, (what) => progress(0, `warming up: ${what}`));
    for (const [i, size] of SIZES.entries())
      found.push(await measure(size, (what) => progress(i / SIZES.length, `${size.skus} SKUs: ${what}`)));
    const [smallest] = found;
    const largest = found.at(-1);
    const fall = smallest && largest ? 1 - largest.rate.median / smallest.rate.median : Number.NaN;
    return {
      tables: [
        {
          title: `Growth: orders of two lines, ${AT_ONCE} in flight, and all timers once`,
          head: [
            'SKUs',
            'past entries, orders',
            'reads/order',
            'writes/order',
            'orders/s median',
            'min',
            'max',
            'timers ms',
            'min',
            'max',
            'of it the slowest',
          ],
          rows: found.map(({ skus, history, reads, writes, rate, timersMs, slowest }) => [
            ...[skus.toLocaleString('en-US'), history, reads, writes, rate.median, rate.min, rate.max],
            ...[timersMs.median, timersMs.min, timersMs.max, `${slowest.timer} ${slowest.ms.toFixed(0)}`],
          ]),
          notes: [
            `in process on the embedded engine with full sync, ${ORDERS} orders a round, ${ROUNDS} rounds, as part shop-systems measures them. SKUs by chance over the whole catalogue: what the system's cache holds of a small file it does not hold of a large one; in a small catalogue orders meet in the same SKUs more often.`,
          ],
        },
      ],
      figures: Object.fromEntries(
        found.flatMap(({ skus, reads, rate, timersMs }): [string, number][] => [
          [`growth ${skus} SKUs reads/order`, reads],
          [`growth ${skus} SKUs orders/s`, rate.median],
          [`growth ${skus} SKUs timers ms`, timersMs.median],
        ]),
      ),
      targets: [
        targetOf('orders/s fall from the smallest to the largest by', fall * 100, { most: FALL_MAX * 100 }, ' %'),
        targetOf('reads of an order more in the largest', (largest?.reads ?? Number.NaN) - (smallest?.reads ?? 0), {
          most: 0,
        }),
      ],
    };
  },
};

async function measure(size: Size, tell: (what: string) => void): Promise<Grown> {
  const world = await newGrownWorld(size, tell);
  try {
    // A past that comes with the store is counted once, 100,000 entries a run.
    tell('stock summary of the past');
    while ((await summariseLedgers(world.world.run))['entries'] !== 0);
    tell('timers');
    const timers: number[] = [];
    const perTimer = new Map<string, number[]>();
    for (let round = 0; round <= ROUNDS; round += 1) {
      let sumMs = 0;
      for (const timer of TIMERS) {
        const ms = await msOf(() => stepOf(timer)(world.world.run));
        sumMs += ms;
        const name = `${timer.functionName}/${timer.task}`;
        if (round > 0) perTimer.set(name, [...(perTimer.get(name) ?? []), ms]);
      }
      // The first run finds a pool that was never filled.
      if (round > 0) timers.push(sumMs);
    }
    const medians = [...perTimer].map(([timer, times]) => ({ timer, ms: spreadOf(times).median }));
    const slowest = medians.sort((a, b) => b.ms - a.ms)[0] ?? { timer: '', ms: 0 };
    tell('orders');
    const random = new SeededRandom(1);
    let made = 0;
    const freshOrders = () =>
      storeOrders(
        world,
        Array.from({ length: ORDERS }, () =>
          doudianOrder((made += 1), [random.below(size.skus), random.below(size.skus)], systemClock.nowMs()),
        ),
      );
    const { ports } = world.world.run;
    const tally = new Tally();
    const counted = { ...ports, store: new CountingStore(world.store, tally) };
    // Warms up, and is counted instead of timed.
    await inFlight(await freshOrders(), AT_ONCE, async (ref) => {
      await convertPlatformOrders(counted, [ref]);
    });
    const rates: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const refs = await freshOrders();
      const ms = await msOf(() =>
        inFlight(refs, AT_ONCE, async (ref) => {
          await convertPlatformOrders(ports, [ref]);
        }),
      );
      rates.push((ORDERS * 1_000) / ms);
    }
    const { meters } = tally.per(ORDERS);
    const { storeReads: reads, storeWrites: writes } = meters;
    return { ...size, reads, writes, rate: spreadOf(rates), timersMs: spreadOf(timers), slowest };
  } finally {
    await world.close();
  }
}
