import { Redis } from 'ioredis';
import type { RedisEngine } from '../../infra/local/engines/redis';
import { startRedis } from '../../infra/local/engines/redis';
import { InProcessPool } from '../../shared/adapters/in-process/in-process-pool';
import { RedisConnection } from '../../shared/adapters/redis/connection';
import { RedisPool } from '../../shared/adapters/redis/redis-pool';
import { systemClock } from '../../shared/adapters/system/system';
import type { Clock } from '../../shared/ports/clock';
import type { Pool } from '../../shared/ports/pool';
import { ListLog } from '../support/list-log';
import type { RedisCluster } from '../support/redis-cluster';
import { startRedisCluster } from '../support/redis-cluster';
import { SeededRandom } from '../support/seeded-random';
import { describePool } from './pool-suite';

const random = new SeededRandom(7);

describePool('InProcessPool', {
  open: (clock) => new InProcessPool(clock, random),
  lose: async (_, clock) => new InProcessPool(clock, random),
});

let server: RedisEngine | undefined;
let cluster: RedisCluster | undefined;
const connections: RedisConnection[] = [];

afterAll(async () => {
  await Promise.all(connections.map((connection) => connection.close()));
  await Promise.all([server?.stop(), cluster?.stop()]);
});

/** One connection for all tests; each pool has a prefix of its own. */
function onRedis(address: () => { url: string; cluster: boolean }, nodes: () => readonly string[]) {
  let connection: RedisConnection | undefined;
  let pools = 0;
  const open = (clock: Clock): Pool => {
    if (!connection) {
      connection = new RedisConnection(address(), { clock: systemClock, log: new ListLog() });
      connections.push(connection);
    }
    return new RedisPool(connection, `test-${++pools}`, { clock, random });
  };
  const lose = async (pool: Pool): Promise<Pool> => {
    for (const node of nodes()) {
      const client = new Redis(node);
      await client.flushall();
      await client.quit();
    }
    return pool;
  };
  return { open, lose };
}

describe('on one server', () => {
  beforeAll(async () => {
    server = await startRedis();
  });
  const url = (): string => server?.endpoint ?? '';
  describePool(
    'RedisPool',
    onRedis(
      () => ({ url: url(), cluster: false }),
      () => [url()],
    ),
  );
});

describe('on a cluster of three nodes', () => {
  beforeAll(async () => {
    cluster = await startRedisCluster();
  }, 30_000);
  describePool(
    'RedisPool',
    onRedis(
      () => ({ url: cluster?.endpoint ?? '', cluster: true }),
      () => cluster?.nodes.map(({ endpoint }) => endpoint) ?? [],
    ),
  );
});
