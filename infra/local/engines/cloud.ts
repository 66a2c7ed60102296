import { join } from 'node:path';
import './quiet-sdk';
import { createTable } from '../../../shared/adapters/dynamodb/table';
import { systemClock } from '../../../shared/adapters/system/system';
import type { Engine } from './node-server';
import { startDynamoDb } from './dynamodb';
import { startKafka } from './kafka';
import { startRedis } from './redis';
import { SQS_KEYS, SQS_REGION, startSqs } from './sqs';

export const CLOUDS = ['aws', 'huawei'] as const;
export type Cloud = (typeof CLOUDS)[number];

/** A cloud's engines on this machine's loopback. */
export interface CloudEngines {
  /** What the functions' settings must say to find them. */
  readonly settings: Readonly<Record<string, string>>;
  /** Where the store is, as verify, export and import take it; the keys are in the settings. */
  readonly storeAddress: string;
  /** For people: which engine runs where. */
  readonly said: readonly string[];
  /** Ends one engine as a power cut would. */
  kill(name: EngineName): Promise<void>;
  /** Starts it again at its address: the store with its documents where it has a folder, the others empty. Not Kafka. */
  restart(name: EngineName): Promise<void>;
  stop(): Promise<void>;
}

export type EngineName = 'store' | 'pool' | 'bus';

const TABLE = 'yipan-local';

/** The local server's indexes follow at once; a second keeps what is done for those that lag at work. */
const INDEX_LAG_MS = 1_000;

/**
 * Starts what a cloud's profile runs on: the DynamoDB API and Redis, with the SQS API for AWS and Kafka for Huawei Cloud.
 * Where a folder is given, the store keeps its documents there; queues and the pool begin empty, as after a loss.
 */
export async function startCloudEngines(cloud: Cloud, folder?: string): Promise<CloudEngines> {
  const running = new Map<EngineName, Engine>();
  const start = async <E extends Engine>(name: EngineName, starting: Promise<E>): Promise<E> => {
    const engine = await starting;
    running.set(name, engine);
    return engine;
  };
  const stop = async (): Promise<void> => {
    await Promise.allSettled([...running.values()].map((engine) => engine.stop()));
  };
  const startStore = (port?: number): Promise<Engine> =>
    startDynamoDb({
      ...(folder !== undefined && { folder: join(folder, 'dynamodb') }),
      ...(port !== undefined && { port }),
    });
  try {
    const store = await start('store', startStore());
    const redis = await start('pool', startRedis());
    const bus = cloud === 'aws' ? await startSqsBus(start) : await startKafkaBus(start);
    const restarts: Readonly<Record<EngineName, () => Promise<Engine>>> = {
      store: () => startStore(portOf(store)),
      pool: () => startRedis({ port: redis.port }),
      bus: bus.restart,
    };
    const table = { table: TABLE, region: SQS_REGION, endpoint: store.endpoint, credentials: SQS_KEYS };
    await createTable(table, systemClock);
    return {
      settings: {
        YIPAN_PROFILE: cloud,
        YIPAN_STORE_TABLE: TABLE,
        YIPAN_STORE_REGION: SQS_REGION,
        YIPAN_STORE_ENDPOINT: store.endpoint,
        YIPAN_STORE_ACCESS_KEY: SQS_KEYS.accessKeyId,
        YIPAN_STORE_SECRET_KEY: SQS_KEYS.secretAccessKey,
        YIPAN_STORE_INDEX_LAG_MS: String(INDEX_LAG_MS),
        YIPAN_REDIS_URL: redis.endpoint,
        // Nobody reads them from the log here; /metrics shows their sums.
        YIPAN_METRICS_IN_LOG: 'false',
        ...bus.settings,
      },
      storeAddress: `dynamodb:${TABLE}?region=${SQS_REGION}&endpoint=${store.endpoint}`,
      said: [`DynamoDB API (dynalite) ${store.endpoint}`, `Redis ${redis.endpoint}`, bus.said],
      kill: async (name) => running.get(name)?.kill(),
      restart: async (name) => {
        await start(name, restarts[name]());
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Start = <E extends Engine>(name: EngineName, starting: Promise<E>) => Promise<E>;

interface Bus {
  readonly settings: Record<string, string>;
  readonly said: string;
  readonly restart: () => Promise<Engine>;
}

const portOf = ({ endpoint }: Engine): number => Number(new URL(endpoint).port);

async function startSqsBus(start: Start): Promise<Bus> {
  const sqs = await start('bus', startSqs());
  return {
    restart: () => startSqs({ port: portOf(sqs) }),
    settings: { YIPAN_SQS_QUEUES: JSON.stringify(sqs.queueUrls), YIPAN_SQS_ENDPOINT: sqs.endpoint },
    said: `SQS API (local-aws-sqs) ${sqs.endpoint}`,
  };
}

async function startKafkaBus(start: Start): Promise<Bus> {
  const kafka = await start('bus', startKafka());
  return {
    restart: () =>
      Promise.reject(new Error('the mock cluster chooses its own address: it cannot come back at the same one')),
    settings: { YIPAN_KAFKA_BROKERS: kafka.endpoint, YIPAN_KAFKA_TLS: 'false' },
    said: `Kafka (mock cluster of librdkafka) ${kafka.endpoint}`,
  };
}
