import { InProcessPool } from '../adapters/in-process/in-process-pool';
import type { Config } from '../config';
import { AppError } from '../errors';
import type { Pool } from '../ports/pool';
import { once } from './once';
import type { Instance } from './profile';

/** The pool, connected once. */
export interface PoolConnection {
  readonly pool: Pool;
  close(): Promise<void>;
}

/**
 * The door to the stock change pool and the rate limits: functions that use them pass this to defineFunction. An engine's
 * client is loaded only where it is the one, and connects at its first use. Throws BAD_SETTINGS.
 */
export const connectPool = once(async (config: Config, instance: Instance): Promise<PoolConnection> => {
  switch (config.pool?.kind) {
    case undefined:
      throw new AppError('BAD_SETTINGS', { problems: ['YIPAN_REDIS_URL is not set'] });
    case 'in-process':
      return { pool: new InProcessPool(instance.clock, instance.random), close: async () => undefined };
    case 'redis': {
      const { openRedisPool } = await import('../adapters/redis/redis-pool');
      return openRedisPool(config.pool, instance);
    }
  }
});
