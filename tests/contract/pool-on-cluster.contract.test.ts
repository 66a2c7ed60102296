import { Redis } from 'ioredis';
import { openRedisPool } from '../../shared/adapters/redis/redis-pool';
import { systemRandom } from '../../shared/adapters/system/system';
import { ListLog } from '../support/list-log';
import { ManualClock } from '../support/manual-clock';
import type { RedisCluster } from '../support/redis-cluster';
import { startRedisCluster } from '../support/redis-cluster';

const RATE = { perSecond: 10, burst: 5 };

describe('a pool on a Redis cluster', () => {
  let cluster: RedisCluster;

  beforeAll(async () => {
    cluster = await startRedisCluster();
  }, 30_000);

  afterAll(() => cluster.stop());

  const open = (clock: ManualClock) =>
    openRedisPool(
      { url: cluster.endpoint, cluster: true, prefix: 'test' },
      { clock, random: systemRandom, log: new ListLog() },
    );

  async function keysOf(endpoint: string): Promise<string[]> {
    const node = new Redis(endpoint);
    const keys = await node.keys('*');
    await node.quit();
    return keys;
  }

  it('keeps the pool on one node, and spreads the buckets of shops over all', async () => {
    const { pool, close } = open(new ManualClock(0));
    await pool.touch([{ skuId: 'A', atMs: 1 }]);
    await pool.endFill(await pool.beginFill(), 2);
    await pool.lease(9, 60_000);
    for (let shop = 0; shop < 30; shop++) await pool.takeTokens(`writes#shop-${shop}`, 1, RATE);
    const keys = await Promise.all(cluster.nodes.map(({ endpoint }) => keysOf(endpoint)));
    const ofPool = keys.map((all) => all.filter((key) => key.startsWith('{test:pool}:')).length);
    // since, leased, counters, leases, fill; nothing is free, and nothing came in later.
    expect(ofPool.sort()).toEqual([0, 0, 5]);
    const buckets = keys.map((all) => all.filter((key) => key.startsWith('{test:bucket:')).length);
    expect(buckets.reduce((sum, count) => sum + count)).toBe(30);
    expect(Math.min(...buckets)).toBeGreaterThan(0);
    await close();
  });

  it('fails within its time when the node of the pool is killed', async () => {
    const clock = new ManualClock(0);
    const { pool, close } = open(clock);
    await pool.touch([{ skuId: 'B', atMs: 1 }]);
    const keys = await Promise.all(cluster.nodes.map(({ endpoint }) => keysOf(endpoint)));
    await cluster.nodes[keys.findIndex((all) => all.includes('{test:pool}:since'))]?.kill();
    for (let i = 0; i < 3; i++) {
      const startedMs = performance.now();
      await expect(pool.touch([{ skuId: 'C', atMs: 1 }])).rejects.toMatchObject({ code: 'POOL_UNAVAILABLE' });
      expect(performance.now() - startedMs).toBeLessThan(8_000);
      await clock.advance(3_000);
    }
    await close();
  }, 30_000);
});
