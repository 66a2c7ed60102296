import { doudianChannel } from '../adapters/channels/doudian/doudian';
import { taobaoChannel } from '../adapters/channels/taobao/taobao';
import { InProcessBus } from '../adapters/in-process/in-process-bus';
import { InProcessPool } from '../adapters/in-process/in-process-pool';
import { JsonLog } from '../adapters/system/json-log';
import { systemClock, systemRandom } from '../adapters/system/system';
import type { Config } from '../config';
import { AppError } from '../errors';
import type { Ports } from '../ports/ports';

/** Ports of the embedded profile; the host binds the functions to this bus. */
export interface EmbeddedPorts extends Ports {
  readonly bus: InProcessBus;
  /** Sums of `log.count` since the start. */
  readonly counts: Map<string, number>;
}

let embedded: Promise<EmbeddedPorts> | undefined;

/** The one place where a profile is chosen. Ports are built on first use and kept for the life of the instance. */
export function portsFor(config: Config): Promise<EmbeddedPorts> {
  // A failure is not kept: the store may be there at the next call.
  embedded ??= embeddedPorts(config).catch((error: unknown) => {
    embedded = undefined;
    throw error;
  });
  return embedded;
}

async function embeddedPorts(config: Config): Promise<EmbeddedPorts> {
  // Native, and needed by this profile alone: a function that runs elsewhere never loads it.
  const { SqliteStore } = await import('../adapters/sqlite/sqlite-store');
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
    store: new SqliteStore(config.storeFile),
    bus: new InProcessBus({ clock, random, log }),
    pool: new InProcessPool(clock),
    ...{ clock, random, log, counts },
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
}
