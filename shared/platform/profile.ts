import { doudianChannel } from '../adapters/channels/doudian/doudian';
import { taobaoChannel } from '../adapters/channels/taobao/taobao';
import { JsonLog } from '../adapters/system/json-log';
import { systemClock, systemRandom } from '../adapters/system/system';
import type { Config } from '../config';
import { AppError } from '../errors';
import type { Log } from '../ports/log';
import type { Ports } from '../ports/ports';
import type { StoreConnection } from './connect-store';
import { connectStore } from './connect-store';
import { once } from './once';

/** What an instance makes at its first call and keeps; each run's ports are made from it. */
export interface Instance extends Pick<Ports, 'clock' | 'random' | 'channels' | 'access'> {
  readonly log: Log;
  /** Sums of `log.count` since the start. */
  readonly counts: ReadonlyMap<string, number>;
  readonly store: StoreConnection;
}

/** Opens what every function needs, whatever the profile. */
export const instanceOf = once(async (config: Config): Promise<Instance> => {
  const counts = new Map<string, number>();
  const clock = systemClock;
  const random = systemRandom;
  const log = new JsonLog(clock, {
    level: config.logLevel,
    write: (line) => process.stdout.write(`${line}\n`),
    onCount: (metric, by) => counts.set(metric, (counts.get(metric) ?? 0) + by),
  });
  const timeoutMs = config.channelTimeoutMs;
  return {
    ...{ clock, random, log, counts },
    store: await connectStore(config.store, { clock, random }),
    channels: {
      taobao: taobaoChannel({ gatewayUrl: config.taobaoGateway, timeoutMs, clock }),
      doudian: doudianChannel({ gatewayUrl: config.doudianGateway, timeoutMs, clock }),
    },
    access: (shop) => {
      const secret = config.secrets.shops[shop.id];
      if (!secret) throw new AppError('SECRET_MISSING', { shopId: shop.id });
      return { shopId: shop.id, platformShopId: shop.platformShopId, ...secret };
    },
  };
});
