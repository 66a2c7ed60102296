import * as fc from 'fast-check';
import { Redis } from 'ioredis';
import type { RedisEngine } from '../../infra/local/engines/redis';
import { startRedis } from '../../infra/local/engines/redis';
import { InProcessPool } from '../../shared/adapters/in-process/in-process-pool';
import { openRedisPool } from '../../shared/adapters/redis/redis-pool';
import { systemClock } from '../../shared/adapters/system/system';
import type { LeasedEntry, Pool, PoolEntry } from '../../shared/ports/pool';
import { ListLog } from '../support/list-log';
import { ManualClock } from '../support/manual-clock';
import { SeededRandom } from '../support/seeded-random';

const skuId = fc.constantFrom('A', 'B', 'C', 'D', 'E', '短袖-红');
const nth = fc.nat({ max: 7 });

/** Few SKUs, times and leases, so that they meet. `of` picks one of the leases that were handed out so far. */
const operation = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('touch' as const),
      changes: fc.array(fc.record({ skuId, atMs: fc.nat({ max: 30 }) }), { maxLength: 5 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('lease' as const),
      max: fc.nat({ max: 4 }),
      leaseMs: fc.integer({ min: 1, max: 20 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('clear' as const, 'giveBack' as const),
      of: nth,
      keep: fc.nat({ max: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: -10, max: 25 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('fill' as const), of: nth, atMs: fc.nat({ max: 50 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('tokens' as const),
      bucket: fc.constantFrom('b1', 'b2'),
      want: fc.integer({ min: 1, max: 9 }),
      rate: fc.record({ perSecond: fc.constantFrom(0.3, 7, 1_000), burst: fc.constantFrom(1, 2.5, 10) }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'lose' as const }) },
);
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

/** A pool, and what its users hold of it. */
interface Side {
  pool: Pool;
  readonly lose: () => Promise<Pool>;
  readonly leases: LeasedEntry[][];
  readonly fills: string[];
}

const bare = (entries: readonly PoolEntry[]): PoolEntry[] =>
  entries.map(({ skuId: id, counter, sinceMs }) => ({ skuId: id, counter, sinceMs }));

const pick = <T>(all: readonly T[], of: number): T | undefined => all[all.length - 1 - (of % Math.max(1, all.length))];

async function apply(side: Side, step: Operation): Promise<unknown> {
  const { pool } = side;
  switch (step.kind) {
    case 'touch':
      return pool.touch(step.changes);
    case 'lease': {
      const leased = await pool.lease(step.max, step.leaseMs);
      side.leases.push(leased);
      return bare(leased);
    }
    case 'clear':
    case 'giveBack':
      return pool[step.kind](pick(side.leases, step.of)?.slice(0, step.keep) ?? []);
    case 'wait':
      return undefined;
    case 'fill':
      side.fills.push(await pool.beginFill());
      return pool.endFill(pick(side.fills, step.of) ?? '', step.atMs);
    case 'tokens':
      return pool.takeTokens(step.bucket, step.want, step.rate);
    case 'lose':
      side.pool = await side.lose();
      return undefined;
  }
}

describe('RedisPool', () => {
  let server: RedisEngine | undefined;
  let admin: Redis | undefined;

  beforeAll(async () => {
    server = await startRedis();
    admin = new Redis(server.endpoint);
  });

  afterAll(async () => {
    await admin?.quit();
    await server?.stop();
  });

  it('answers every sequence of operations, losses among them, as InProcessPool does', async () => {
    const ports = { clock: systemClock, random: new SeededRandom(1), log: new ListLog() };
    const done: Record<string, number> = {};
    // One clock for all runs, which the pool on the server is opened with.
    const clock = new ManualClock(0);
    const redis = openRedisPool({ url: server?.endpoint ?? '', cluster: false, prefix: 'model' }, { ...ports, clock });
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 60, size: 'max' }), async (steps) => {
        await admin?.flushall();
        const lose = async (): Promise<Pool> => new InProcessPool(clock, ports.random);
        const model: Side = { pool: await lose(), lose, leases: [], fills: [] };
        const real: Side = {
          pool: redis.pool,
          lose: async () => {
            await admin?.flushall();
            return redis.pool;
          },
          ...{ leases: [], fills: [] },
        };
        for (const step of steps) {
          done[step.kind] = (done[step.kind] ?? 0) + 1;
          if (step.kind === 'wait') await clock.advance(step.ms);
          const answer = await apply(real, step);
          expect(answer).toEqual(await apply(model, step));
          expect(await real.pool.list(9)).toEqual(await model.pool.list(9));
          expect(await real.pool.progress()).toEqual(await model.pool.progress());
        }
      }),
      { seed: 20_260_308, numRuns: 100 },
    );
    await redis.close();
    // The generator has tried each kind often enough for the sentence to mean something.
    for (const kind of ['touch', 'lease', 'clear', 'giveBack', 'wait', 'fill', 'tokens', 'lose'])
      expect(done[kind]).toBeGreaterThan(50);
  }, 30_000);
});
