import { join } from 'node:path';
import { captureChanges } from '../../../functions/stock-change-capture/capture-changes';
import { pushRatioStock } from '../../../functions/ratio-sync-push/push-ratio-stock';
import { sweepStock } from '../../../functions/stock-change-capture/sweep-stock';
import type { ReplayOrder } from '../../../infra/local/replay/load-orders';
import { demandBySku, loadReplayOrders } from '../../../infra/local/replay/load-orders';
import { InProcessPool } from '../../../shared/adapters/in-process/in-process-pool';
import { MemoryStore } from '../../../shared/adapters/memory/memory-store';
import type { MovementRequest } from '../../../shared/domain/stock/ledger';
import { stockKeyText } from '../../../shared/domain/stock/movement';
import type { Log } from '../../../shared/ports/log';
import type { Store } from '../../../shared/ports/store';
import { postMovements, readLedgers } from '../../../shared/procedures/post-movements';
import { SeededRandom } from '../../support/seeded-random';
import { listingOf, seedBrand, shopsOf, skuIdOf, WAREHOUSE } from '../brand';
import { LATENCIES_MS } from '../counting/latencies';
import { VirtualClock } from '../counting/virtual-clock';
import { PlatformStandIn } from '../platform-stand-in';
import { projectFolder } from '../project-folder';
import type { Part } from '../result';
import { targetOf } from '../result';
import { percentile } from '../statistics';
import { StepWorld } from '../step-world';
import { deployedTimers } from '../timer-steps';

/** Orders of the data, from the first: enough for hot and cold SKUs, few enough for seconds. */
const ORDERS = 1_000;

const SPEEDS = [1, 100, 1_000] as const;
const TARGET_SPEED = 100;
const FEWER_CALLS_MIN = 20;

const SHOPS = { shops: 'ten', ratioBp: 1_000 } as const;
const SHOP_IDS = shopsOf(SHOPS).map(({ shopId }) => shopId);

/** Pieces of each SKU at the beginning, above all that is ordered of it. */
const SPARE_QTY = 20;

/** What became of a replay. */
interface Replay {
  readonly speed: number;
  readonly changes: number;
  readonly computed: number;
  readonly calls: number;
  readonly writes: number;
  /** Runs of the timer from the first order to the last, whether they had anything to do or not. */
  readonly runs: number;
  /** Ascending. */
  readonly delaysMs: readonly number[];
}

/** The part `coalescing`: what real orders make of platform calls, beside a push for each change and a full sync each run. */
export const COALESCING: Part = {
  name: 'coalescing',
  about: `${ORDERS} real orders at ${SPEEDS.join(', ')} times their speed over ten shops: changes in, pushes out`,
  byDefault: true,
  run: async (progress) => {
    const orders = loadReplayOrders(join(projectFolder(), 'infra/local/replay/data'))
      .filter(({ outcome }) => outcome !== 'unpaid-closed')
      .slice(0, ORDERS);
    const skuNumbers = new Map([...demandBySku(orders).keys()].map((skuId, n) => [skuId, n]));
    const periodMs = pushPeriodMs();
    const replays: Replay[] = [];
    for (const [i, speed] of SPEEDS.entries()) {
      progress(i / SPEEDS.length, `at ${speed} times the speed`);
      replays.push(await replay(orders, skuNumbers, speed, periodMs));
    }
    const listings = skuNumbers.size * SHOP_IDS.length;
    const naive = ({ changes }: Replay): number => changes * SHOP_IDS.length;
    const target = replays.find(({ speed }) => speed === TARGET_SPEED);
    return {
      tables: [
        {
          title: `Coalescing: ${ORDERS} real orders over ${SHOP_IDS.length} shops, the push timer every ${periodMs / 1_000} s`,
          head: [
            'speed',
            'changes in',
            'computed',
            'written',
            'calls',
            'a push a change',
            'fewer',
            'full sync each run',
            'fewer',
            'delay p50 s',
            'p95 s',
          ],
          rows: replays.map((found) => [
            ...[`${found.speed}x`, found.changes, found.computed, found.writes, found.calls, naive(found)],
            `${(naive(found) / found.calls).toFixed(1)}x`,
            found.runs * listings,
            `${((found.runs * listings) / found.calls).toFixed(0)}x`,
            ...[50, 95].map((percent) => (percentile(found.delaysMs, percent) / 1_000).toFixed(1)),
          ]),
          notes: [
            `${skuNumbers.size} SKUs, each listed in every shop, which shows a tenth of its stock (all that is ordered and ${SPARE_QTY} pieces more). Orders that were never paid are left out; who buys where is chance. An order is its movements in the ledgers.`,
            'changes: ledgers moved by an order. computed: SKUs that the timer computed, each once a run. calls: reads and writes of platforms. a push a change: one write to each shop for each change; full sync: one write for each listing in each run of the timer.',
            `delay: from the oldest change that a SKU stands for until its pushes are answered, a call taking ${LATENCIES_MS.platform} ms, on a clock that passes at once. Runs that find nothing are not run.`,
          ],
        },
      ],
      figures: Object.fromEntries(
        replays.flatMap((found): [string, number][] => [
          [`coalescing ${found.speed}x calls`, found.calls],
          [`coalescing ${found.speed}x fewer than a push a change`, naive(found) / found.calls],
          [`coalescing ${found.speed}x delay p95 ms`, percentile(found.delaysMs, 95)],
        ]),
      ),
      targets: target
        ? [
            targetOf(
              `calls saved against a push a change at ${TARGET_SPEED}x`,
              naive(target) / target.calls,
              { least: FEWER_CALLS_MIN },
              'x',
            ),
            targetOf(
              `delay p95 at ${TARGET_SPEED}x, timer period + 1 s`,
              percentile(target.delaysMs, 95),
              { most: periodMs + 1_000 },
              ' ms',
            ),
          ]
        : [],
    };
  },
};

/** Period of the push timer as deployed. */
function pushPeriodMs(): number {
  const timer = deployedTimers(projectFolder()).find(({ task }) => task === 'push');
  if (!timer) throw new Error('no function.yml has a timer with the task push');
  return timer.everyMs;
}

async function replay(
  orders: readonly ReplayOrder[],
  skuNumbers: ReadonlyMap<string, number>,
  speed: number,
  periodMs: number,
): Promise<Replay> {
  const firstMs = orders[0]?.atMs ?? 0;
  const clock = new VirtualClock(firstMs);
  const random = new SeededRandom(1);
  const store = new MemoryStore();
  const platform = new PlatformStandIn(clock, () => clock.sleep(LATENCIES_MS.platform));
  const found = { computed: 0, delaysMs: [] as number[] };
  const log: Log = {
    ...{ info: () => undefined, warn: () => undefined, error: () => undefined },
    count: (metric, by = 1) => {
      if (metric === 'sync.computed-skus') found.computed += by;
    },
    gauge: (metric, value) => {
      if (metric === 'sync.delay') found.delaysMs.push(value);
    },
  };
  const pool = new InProcessPool(clock, random);
  const world = new StepWorld({
    store,
    pool,
    clock,
    random,
    platform,
    log,
    around: (_name, call) => clock.drive(call),
  });
  await seedBrand({ store, clock }, { ...SHOPS, skuCount: skuNumbers.size, stockQty: stockOf(orders) });
  const push = (): Promise<void> => world.invoke('ratio-sync-push', pushRatioStock);
  // All shops show what they should before the first order.
  await world.invoke('stock-change-capture', sweepStock);
  await push();
  const callsBefore = callsOf(platform);
  const writesBefore = platform.writes;
  Object.assign(found, { computed: 0, delaysMs: [] });
  const startMs = clock.nowMs();
  let changes = 0;
  let nextRunMs = Number.POSITIVE_INFINITY;
  const runUntil = async (untilMs: number): Promise<void> => {
    while (nextRunMs <= untilMs) {
      clock.pass(Math.max(0, nextRunMs - clock.nowMs()));
      await push();
      const left = await pool.progress();
      nextRunMs = left.oldestMs === undefined ? Number.POSITIVE_INFINITY : nextRunMs + periodMs;
    }
  };
  for (const order of orders) {
    const atMs = startMs + (order.atMs - firstMs) / speed;
    await runUntil(atMs);
    clock.pass(Math.max(0, atMs - clock.nowMs()));
    changes += await sell(
      { store, clock, world, platform },
      order,
      skuNumbers,
      random.pick(SHOP_IDS as [string, ...string[]]),
    );
    nextRunMs = Math.min(nextRunMs, startMs + Math.ceil((clock.nowMs() + 1 - startMs) / periodMs) * periodMs);
  }
  await runUntil(Number.MAX_SAFE_INTEGER);
  const runs = Math.ceil((clock.nowMs() - startMs) / periodMs);
  found.delaysMs.sort((a, b) => a - b);
  return {
    speed,
    changes,
    runs,
    ...found,
    calls: callsOf(platform) - callsBefore,
    writes: platform.writes - writesBefore,
  };
}

/** The same for all SKUs: what is ordered most of one, and some more. */
function stockOf(orders: readonly ReplayOrder[]): number {
  return Math.max(...demandBySku(orders).values()) + SPARE_QTY;
}

const callsOf = ({ calls }: PlatformStandIn): number => [...calls.values()].reduce((sum, count) => sum + count, 0);

/** An order's holds, as conversion enters them, and its ledgers into the pool. Returns how many moved. */
async function sell(
  at: { store: Store; clock: VirtualClock; world: StepWorld; platform: PlatformStandIn },
  order: ReplayOrder,
  skuNumbers: ReadonlyMap<string, number>,
  shopId: string,
): Promise<number> {
  const wanted = [...demandBySku([order])].map(([skuId, qty]) => ({ n: skuNumbers.get(skuId) ?? 0, qty }));
  const ledgers = await readLedgers(
    at.store,
    wanted.map(({ n }) => ({ warehouseId: WAREHOUSE, skuId: skuIdOf(n) })),
  );
  const requests = wanted.map(({ n, qty }): MovementRequest => {
    const key = { warehouseId: WAREHOUSE, skuId: skuIdOf(n) };
    const seenNumber = ledgers.get(stockKeyText(key))?.number ?? 0;
    const id = `${shopId}#${order.orderId}/${key.skuId}/hold/1`;
    return {
      intent: { ...key, id, kind: 'hold', qty, seenNumber },
      source: { type: 'delivery-order', id: `${shopId}#${order.orderId}`, shopId },
      wanted: true,
    };
  });
  // A buyer's pieces leave the platform's shelf at once.
  for (const { n, qty } of wanted) for (let piece = 0; piece < qty; piece += 1) at.platform.buy(shopId, listingOf(n));
  const { entries } = await postMovements(at, requests, ledgers);
  await captureChanges(
    at.world.run.ports,
    entries.map(({ warehouseId, skuId, entry }) => ({ warehouseId, skuId, number: entry.number })),
    () => true,
  );
  return entries.length;
}
