import { doudianChannel } from '../adapters/channels/doudian/doudian';
import { taobaoChannel } from '../adapters/channels/taobao/taobao';
import { JsonLog } from '../adapters/system/json-log';
import type { MetricFormat } from '../adapters/system/metric-lines';
import { MetricSums } from '../adapters/system/metric-sums';
import { systemClock, systemRandom } from '../adapters/system/system';
import type { Config, Profile } from '../config';
import { AppError } from '../errors';
import type { Log, LogFields } from '../ports/log';
import type { Ports } from '../ports/ports';
import type { StoreConnection } from './connect-store';
import { connectStore } from './connect-store';
import { once } from './once';

/** What an instance makes at its first call and keeps; each run's ports are made from it. */
export interface Instance extends Pick<Ports, 'clock' | 'random' | 'channels' | 'access'> {
  /** For what outlives a run. */
  readonly log: Log;
  /** A log of one run: its lines and metrics carry these fields. */
  runLog(fields: LogFields): RunLog;
  /** Metrics since the start, by name. Calls are counted as `calls.‹function›`. */
  readonly sums: MetricSums;
  readonly store: StoreConnection;
}

/** A log whose metrics are written when the run ends. */
export type RunLog = Log & Pick<JsonLog, 'flush'>;

/**
 * Where each profile's metrics are read: from the log on both clouds, CloudWatch in a format of its own; one machine shows
 * its sums itself.
 */
const METRIC_FORMAT: Readonly<Record<Profile, MetricFormat | undefined>> = {
  embedded: undefined,
  aws: 'emf',
  huawei: 'lines',
};

const write = (line: string): void => void process.stdout.write(`${line}\n`);

/** The log of a call that has no settings, or no instance, to go by. */
export function bareLog(fields: LogFields): RunLog {
  return new JsonLog(systemClock, { level: 'error', write }, fields);
}

/** Opens what every function needs, whatever the profile. */
export const instanceOf = once(async (config: Config): Promise<Instance> => {
  const sums = new MetricSums();
  const clock = systemClock;
  const random = systemRandom;
  const metrics = config.metricsInLog ? METRIC_FORMAT[config.profile] : undefined;
  const log = new JsonLog(clock, { level: config.logLevel, write, sums, ...(metrics && { metrics }) });
  const timeoutMs = config.channelTimeoutMs;
  return {
    ...{ clock, random, log, sums },
    runLog: (fields) => log.child(fields),
    store: await connectStore(config.store, { clock, random }),
    channels: {
      taobao: taobaoChannel({ gatewayUrl: config.taobaoGateway, timeoutMs, clock }),
      doudian: doudianChannel({ gatewayUrl: config.doudianGateway, timeoutMs, clock }),
    },
    access: (shop) => {
      const { shops } = config.secrets;
      // An id may be the name of what every object has.
      const secret = Object.hasOwn(shops, shop.id) ? shops[shop.id] : undefined;
      if (!secret) throw new AppError('SECRET_MISSING', { shopId: shop.id });
      return { shopId: shop.id, platformShopId: shop.platformShopId, ...secret };
    },
  };
});
