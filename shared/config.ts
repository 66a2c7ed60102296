import * as z from 'zod/mini';
import { AppError } from './errors';
import type { Topic } from './ports/bus';
import type { Secrets } from './secrets';
import { jsonOrUndefined, readSecrets } from './secrets';

const Url = z.string().check(z.regex(/^https?:\/\//));

const QueueUrls = z.object({ 'platform-order-changed': Url, 'delivery-order-ready': Url, 'stock-changed': Url });

/** Keys of a cloud's API. Explicit, so that no bundle carries the SDK's search for them. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export type StoreSettings =
  | { readonly kind: 'sqlite'; readonly file: string }
  | {
      readonly kind: 'dynamodb';
      readonly table: string;
      readonly region: string;
      /** Undefined for AWS itself. */
      readonly endpoint: string | undefined;
      readonly credentials: Credentials;
      /** An index read shows everything that was saved so long ago. */
      readonly indexLagMs: number;
    };

export type PoolSettings =
  | { readonly kind: 'in-process' }
  | { readonly kind: 'redis'; readonly url: string; readonly cluster: boolean; readonly prefix: string };

export type BusSettings =
  | { readonly kind: 'in-process' }
  | {
      readonly kind: 'sqs';
      readonly queueUrls: Readonly<Record<Topic, string>>;
      readonly region: string;
      readonly endpoint: string | undefined;
      readonly credentials: Credentials;
    }
  | {
      readonly kind: 'kafka';
      readonly brokers: readonly string[];
      /** Before a bus topic's name: the topic's name in Kafka. */
      readonly topicPrefix: string;
      readonly login:
        | { readonly mechanism: 'plain' | 'scram-sha-512'; readonly user: string; readonly password: string }
        | undefined;
      readonly tls: boolean;
      /** PEM of the broker's authority, where it is none of the well-known ones. */
      readonly caFile: string | undefined;
    };

/** All settings. Times are ms. */
export interface Config {
  readonly profile: Profile;
  readonly store: StoreSettings;
  /** Undefined where a cloud's function was given none: it opens no pool. */
  readonly pool: PoolSettings | undefined;
  /** Undefined where a cloud's function was given none: it sends no messages. */
  readonly bus: BusSettings | undefined;
  readonly secrets: Secrets;
  readonly taobaoGateway: string;
  readonly doudianGateway: string;
  /** Longest wait for one answer of a platform. */
  readonly channelTimeoutMs: number;
  readonly logLevel: 'info' | 'warn' | 'error';
  /** Whether a cloud's profile writes its metrics into the log, where the cloud reads them. */
  readonly metricsInLog: boolean;
  /** How far the pull of a shop looks back behind what it has covered: clock and replica lag of the platform. */
  readonly pullOverlapMs: number;
  /** A push of unknown outcome is read again after this time. */
  readonly recheckAfterMs: number;
  /** Where the console's page lies; undefined where it lies beside the function, as it is deployed. */
  readonly pageFolder: string | undefined;
  /** Where people open the console, without a path; undefined where no one has said so. */
  readonly consoleUrl: string | undefined;
}

/** A profile is a choice of engines: one machine, AWS, or Huawei Cloud. */
export type Profile = (typeof PROFILES)[number];

const PROFILES = ['embedded', 'aws', 'huawei'] as const;

type Source = (name: string) => string | undefined;

/** Every setting: name, default (none where a wrong guess would do harm; empty where it may be left out), meaning. */
export const SETTINGS = {
  YIPAN_PROFILE: 'embedded',
  YIPAN_SECRETS: undefined,
  YIPAN_TAOBAO_GATEWAY: 'https://eco.taobao.com/router/rest',
  YIPAN_DOUDIAN_GATEWAY: 'https://openapi-fxg.jinritemai.com',
  YIPAN_CHANNEL_TIMEOUT_MS: '4000',
  YIPAN_LOG_LEVEL: 'info',
  YIPAN_METRICS_IN_LOG: 'true',
  YIPAN_PULL_OVERLAP_MS: '300000',
  YIPAN_RECHECK_AFTER_MS: '60000',
  YIPAN_PAGE_FOLDER: '',
  YIPAN_CONSOLE_URL: '',
  // Profile embedded.
  YIPAN_STORE_FILE: undefined,
  // Both clouds: the DynamoDB API. On AWS the region and the keys are those of the function.
  YIPAN_STORE_TABLE: undefined,
  YIPAN_STORE_REGION: undefined,
  YIPAN_STORE_ENDPOINT: '',
  YIPAN_STORE_ACCESS_KEY: undefined,
  YIPAN_STORE_SECRET_KEY: undefined,
  // GeminiDB states one to two minutes at worst; DynamoDB's indexes follow within a second or so.
  YIPAN_STORE_INDEX_LAG_MS: '120000',
  // Both clouds: Redis.
  YIPAN_REDIS_URL: '',
  YIPAN_REDIS_CLUSTER: 'false',
  YIPAN_REDIS_PREFIX: 'yipan',
  // Profile aws: queue URLs by topic.
  YIPAN_SQS_QUEUES: '',
  YIPAN_SQS_ENDPOINT: '',
  // Profile huawei.
  YIPAN_KAFKA_BROKERS: '',
  YIPAN_KAFKA_TOPIC_PREFIX: 'yipan-',
  YIPAN_KAFKA_USER: '',
  YIPAN_KAFKA_PASSWORD: '',
  YIPAN_KAFKA_SASL: 'scram-sha-512',
  YIPAN_KAFKA_TLS: 'true',
  YIPAN_KAFKA_CA_FILE: '',
} as const;

type Name = keyof typeof SETTINGS;

/** Settings that AWS gives every function. */
const GIVEN_BY_AWS: { readonly [name in Name]?: string } = {
  YIPAN_STORE_REGION: 'AWS_REGION',
  YIPAN_STORE_ACCESS_KEY: 'AWS_ACCESS_KEY_ID',
  YIPAN_STORE_SECRET_KEY: 'AWS_SECRET_ACCESS_KEY',
};

/** Reads and checks all settings at once; throws BAD_SETTINGS naming every problem, never a value. */
export function readConfig(source: Source): Config {
  const read = new SettingsReader(source);
  const profile = read.oneOf('YIPAN_PROFILE', PROFILES);
  const config: Config = {
    profile,
    ...engines(read, profile),
    secrets: read.secrets('YIPAN_SECRETS'),
    taobaoGateway: read.url('YIPAN_TAOBAO_GATEWAY'),
    doudianGateway: read.url('YIPAN_DOUDIAN_GATEWAY'),
    channelTimeoutMs: read.wholeNumber('YIPAN_CHANNEL_TIMEOUT_MS', 100, 10_000),
    logLevel: read.oneOf('YIPAN_LOG_LEVEL', ['info', 'warn', 'error']),
    metricsInLog: read.oneOf('YIPAN_METRICS_IN_LOG', ['true', 'false']) === 'true',
    pullOverlapMs: read.wholeNumber('YIPAN_PULL_OVERLAP_MS', 0, 86_400_000),
    recheckAfterMs: read.wholeNumber('YIPAN_RECHECK_AFTER_MS', 100, 86_400_000),
    pageFolder: read.text('YIPAN_PAGE_FOLDER') || undefined,
    consoleUrl: read.originOrNone('YIPAN_CONSOLE_URL'),
  };
  if (read.problems.length > 0) throw new AppError('BAD_SETTINGS', { problems: read.problems });
  return Object.freeze(config);
}

/** The one place where a profile becomes engines. */
function engines(read: SettingsReader, profile: Profile): Pick<Config, 'store' | 'pool' | 'bus'> {
  const store = storeSettings(read, profile);
  switch (profile) {
    case 'embedded':
      return { store, pool: { kind: 'in-process' }, bus: { kind: 'in-process' } };
    case 'aws':
      return { store, pool: redisSettings(read), bus: sqsSettings(read) };
    case 'huawei':
      return { store, pool: redisSettings(read), bus: kafkaSettings(read) };
  }
}

/** The settings of the store alone, for programs that open nothing else. Throws BAD_SETTINGS. */
export function readStoreSettings(source: Source): StoreSettings {
  const read = new SettingsReader(source);
  const settings = storeSettings(read, read.oneOf('YIPAN_PROFILE', PROFILES));
  if (read.problems.length > 0) throw new AppError('BAD_SETTINGS', { problems: read.problems });
  return settings;
}

function storeSettings(read: SettingsReader, profile: Profile): StoreSettings {
  return profile === 'embedded' ? { kind: 'sqlite', file: read.text('YIPAN_STORE_FILE') } : dynamoDbSettings(read);
}

function dynamoDbSettings(read: SettingsReader): StoreSettings {
  return {
    kind: 'dynamodb',
    table: read.text('YIPAN_STORE_TABLE'),
    region: read.text('YIPAN_STORE_REGION'),
    endpoint: read.urlOrNone('YIPAN_STORE_ENDPOINT'),
    credentials: read.credentials(),
    indexLagMs: read.wholeNumber('YIPAN_STORE_INDEX_LAG_MS', 0, 3_600_000),
  };
}

function redisSettings(read: SettingsReader): PoolSettings | undefined {
  const url = read.text('YIPAN_REDIS_URL');
  if (url === '') return undefined;
  if (!/^rediss?:\/\//.test(url)) read.problems.push('YIPAN_REDIS_URL must begin with redis:// or rediss://');
  else if (!URL.canParse(url)) read.problems.push('YIPAN_REDIS_URL is no URL: is its password percent-encoded?');
  const cluster = read.oneOf('YIPAN_REDIS_CLUSTER', ['true', 'false']) === 'true';
  const prefix = read.text('YIPAN_REDIS_PREFIX');
  // Braces would be taken for the hash tag that keeps the pool's keys on one node.
  if (!/^[\w:.-]+$/.test(prefix)) read.problems.push('YIPAN_REDIS_PREFIX may hold letters, digits and _ : . - only');
  return { kind: 'redis', url, cluster, prefix };
}

function sqsSettings(read: SettingsReader): BusSettings | undefined {
  if (read.text('YIPAN_SQS_QUEUES') === '') return undefined;
  return {
    kind: 'sqs',
    queueUrls: read.queueUrls('YIPAN_SQS_QUEUES'),
    region: read.text('YIPAN_STORE_REGION'),
    endpoint: read.urlOrNone('YIPAN_SQS_ENDPOINT'),
    credentials: read.credentials(),
  };
}

function kafkaSettings(read: SettingsReader): BusSettings | undefined {
  const brokers = read.text('YIPAN_KAFKA_BROKERS');
  if (brokers === '') return undefined;
  if (!/^[\w.-]+:\d+(,[\w.-]+:\d+)*$/.test(brokers))
    read.problems.push('YIPAN_KAFKA_BROKERS must be host:port, several divided by commas');
  const user = read.text('YIPAN_KAFKA_USER');
  const mechanism = read.oneOf('YIPAN_KAFKA_SASL', ['plain', 'scram-sha-512']);
  return {
    kind: 'kafka',
    brokers: brokers.split(','),
    topicPrefix: read.text('YIPAN_KAFKA_TOPIC_PREFIX'),
    login: user === '' ? undefined : { mechanism, user, password: read.text('YIPAN_KAFKA_PASSWORD') },
    tls: read.oneOf('YIPAN_KAFKA_TLS', ['true', 'false']) === 'true',
    caFile: read.text('YIPAN_KAFKA_CA_FILE') || undefined,
  };
}

/** Reads settings by name and keeps a list of what is wrong with them. */
class SettingsReader {
  readonly problems: string[] = [];

  constructor(private readonly source: Source) {}

  text(name: Name): string {
    const value = this.source(name) || this.givenByAws(name) || SETTINGS[name];
    if (value === undefined && !this.problems.includes(`${name} is not set`)) this.problems.push(`${name} is not set`);
    return value ?? '';
  }

  oneOf<T extends string>(name: Name, allowed: readonly T[]): T {
    const value = this.text(name);
    if (!allowed.includes(value as T)) this.problems.push(`${name} must be one of ${allowed.join(', ')}`);
    return value as T;
  }

  wholeNumber(name: Name, min: number, max: number): number {
    const value = Number(this.text(name));
    if (!Number.isSafeInteger(value) || value < min || value > max)
      this.problems.push(`${name} must be a whole number from ${min} to ${max}`);
    return value;
  }

  url(name: Name): string {
    const value = this.text(name);
    if (!/^https?:\/\//.test(value)) this.problems.push(`${name} must be an http or https address`);
    return value.replace(/\/$/, '');
  }

  urlOrNone(name: Name): string | undefined {
    return this.text(name) === '' ? undefined : this.url(name);
  }

  originOrNone(name: Name): string | undefined {
    const url = this.urlOrNone(name);
    if (url !== undefined && !(URL.canParse(url) && new URL(url).origin === url))
      this.problems.push(`${name} must be a scheme and a host, and no more`);
    return url;
  }

  credentials(): Credentials {
    const own = this.source('YIPAN_STORE_ACCESS_KEY') !== undefined;
    const sessionToken = own ? undefined : this.source('AWS_SESSION_TOKEN');
    return {
      accessKeyId: this.text('YIPAN_STORE_ACCESS_KEY'),
      secretAccessKey: this.text('YIPAN_STORE_SECRET_KEY'),
      ...(sessionToken && { sessionToken }),
    };
  }

  queueUrls(name: Name): Readonly<Record<Topic, string>> {
    const parsed = z.safeParse(QueueUrls, jsonOrUndefined(this.text(name)));
    if (parsed.success) return parsed.data;
    const topics = Object.keys(QueueUrls.shape).join(', ');
    this.problems.push(`${name} must be a JSON object with a queue URL for each of ${topics}`);
    return { 'platform-order-changed': '', 'delivery-order-ready': '', 'stock-changed': '' };
  }

  secrets(name: Name): Config['secrets'] {
    const secrets = readSecrets(this.text(name), this.problems);
    if (secrets.oidc && this.text('YIPAN_CONSOLE_URL') === '')
      this.problems.push(`YIPAN_CONSOLE_URL is not set, and the oidc of ${name} sends browsers back to it`);
    return secrets;
  }

  private givenByAws(name: Name): string | undefined {
    const theirs = GIVEN_BY_AWS[name];
    return theirs === undefined || this.source('YIPAN_PROFILE') !== 'aws' ? undefined : this.source(theirs);
  }
}

/** FunctionGraph hands settings to event functions through the context only; Lambda and one machine by environment. */
interface FunctionGraphContext {
  getUserData(name: string): string | undefined;
}

let known: Config | undefined;

/** The settings of this instance, read on the first call and kept. */
export function configOf(context: unknown): Config {
  known ??= readConfig(isFunctionGraph(context) ? (name) => context.getUserData(name) : (name) => process.env[name]);
  return known;
}

function isFunctionGraph(context: unknown): context is FunctionGraphContext {
  return (
    typeof context === 'object' &&
    context !== null &&
    'getUserData' in context &&
    typeof context.getUserData === 'function'
  );
}
