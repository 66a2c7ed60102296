import { summariseLedgers } from '../../functions/stock-change-capture/summarise-stock';
import type { Run } from '../../shared/platform/define-function';
import { AppError } from '../../shared/errors';
import type { Store } from '../../shared/ports/store';
import type { Finding } from './finding';
import type { World } from './world';

/** Later than any entry may still appear: what is at rest is old enough to be summed up. */
const LATER_MS = 600_000;

/** Runs that fail, two at a time, before one that does not. */
const ROUNDS = 4;

/** Longer than all steps of a few runs. */
const ROUND_MS = 1_000;

/**
 * Sums up what has moved in a world at rest, as runs do whose puts fail before or after they are applied and that overlap. A
 * history is over before most of its entries are old enough, and its other faults with it.
 */
export async function sumUp(world: World): Promise<Finding[]> {
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let beside = 0; beside < 2; beside += 1)
      world.spawn('summarise-stock', (run) => summariseLedgers(later(run, failingPuts(run.ports.store, world))));
    await world.scheduler.runUntil(world.nowMs() + ROUND_MS);
  }
  world.spawn('summarise-stock', (run) => summariseLedgers(later(run, run.ports.store)));
  await world.scheduler.runUntil(world.nowMs() + ROUND_MS);
  return world.check(false);
}

function later(run: Run, store: Store): Run {
  const { clock } = run.ports;
  const late = { ...clock, nowMs: () => clock.nowMs() + LATER_MS };
  return { ...run, ports: { ...run.ports, store, clock: late } };
}

function failingPuts(store: Store, { random }: World): Store {
  const fail = (label: string): never => {
    throw new AppError('STORE_UNAVAILABLE', { fault: 'simulated', label });
  };
  return {
    indexLagMs: store.indexLagMs,
    get: (key) => store.get(key),
    getMany: (wanted) => store.getMany(wanted),
    query: (pk, range) => store.query(pk, range),
    queryIndex: (index, partition, range) => store.queryIndex(index, partition, range),
    scan: (after, limit) => store.scan(after, limit),
    close: () => store.close(),
    put: async (put) => {
      if (random.chance(0.25)) fail('refused');
      const result = await store.put(put);
      if (random.chance(0.25)) fail('timeout');
      return result;
    },
  };
}
