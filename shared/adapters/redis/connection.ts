import type { RedisOptions } from 'ioredis';
import { Cluster, Redis } from 'ioredis';
import { AppError } from '../../errors';
import type { Clock } from '../../ports/clock';
import type { Log } from '../../ports/log';
import type { Script } from './scripts';
import { faultOf } from './redis-fault';

type Client = Redis | Cluster;

/** Where Redis is. The URL holds its password. */
export interface RedisAddress {
  /** redis:// or rediss://; of a cluster, any node. */
  readonly url: string;
  readonly cluster: boolean;
}

/**
 * Longest wait for a connection, for its first answer, and for the answer to a script. A script takes some ms at most, and a
 * function lives 60 s: a call that gets no answer has failed after 6 s, or after 8 s where it lost its connection first.
 */
const ANSWER_MS = 2_000;

/** Behind a failure calls fail at once for so long: else every listing of a run would wait for a dead server by itself. */
const PAUSE_MS = 3_000;

/** Redirections of one call in a cluster, 100 ms apart: a fail-over that takes longer is left to the next call. */
const REDIRECTIONS_MAX = 5;

/**
 * One connection to Redis for the life of an instance. It is made at the first call, never by itself: a frozen function has
 * no timers that would try again. A call on a connection that turns out to be lost, as after a long freeze, is sent once
 * more on a new one, since every script may be repeated. Everything else that Redis does not answer as it should is a
 * POOL_UNAVAILABLE whose facts name neither address nor password.
 */
export class RedisConnection {
  private client: Client | undefined;
  private opening: Promise<Client> | undefined;
  private failedAtMs: number | undefined;

  constructor(
    private readonly address: RedisAddress,
    private readonly ports: { readonly clock: Clock; readonly log: Log },
  ) {}

  /** Runs a script on keys of one slot. Throws POOL_UNAVAILABLE; a mistake in a script is thrown as it is. */
  async run(script: Script, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    this.refuseInPause();
    for (let attempt = 1; ; attempt++) {
      let used: Client | undefined;
      try {
        used = await this.connected();
        const answer = await inTime(evaluate(used, script, keys, args), ANSWER_MS);
        this.failedAtMs = undefined;
        return answer;
      } catch (error) {
        const fault = faultOf(error);
        if (fault.kind === 'mistake') throw error;
        if (fault.kind !== 'refused') this.drop(used);
        if (fault.kind === 'lost' && used && attempt === 1) continue;
        this.failedAtMs = this.ports.clock.nowMs();
        throw this.unavailable(fault.reason, fault.cause);
      }
    }
  }

  /** Ends the connection; a later call makes a new one. */
  async close(): Promise<void> {
    const client = await this.opening?.catch(() => undefined);
    this.drop(client ?? this.client);
  }

  private refuseInPause(): void {
    if (this.failedAtMs === undefined) return;
    const sinceMs = this.ports.clock.nowMs() - this.failedAtMs;
    if (sinceMs >= 0 && sinceMs < PAUSE_MS) throw this.unavailable('failed a moment ago');
  }

  private unavailable(reason: string, cause?: unknown): AppError {
    this.ports.log.count('pool.failed');
    return new AppError('POOL_UNAVAILABLE', { reason }, cause === undefined ? {} : { cause });
  }

  private async connected(): Promise<Client> {
    if (this.client?.status === 'ready') return this.client;
    this.opening ??= this.open().finally(() => (this.opening = undefined));
    return this.opening;
  }

  private async open(): Promise<Client> {
    const client = newClient(this.address);
    // Also keeps the client from writing errors to the console, and is the only one that is told why a login failed.
    let reason: unknown;
    client.on('error', (error: unknown) => (reason = error));
    try {
      await inTime(client.connect(), ANSWER_MS * 2);
    } catch (error) {
      end(client);
      throw reason ?? error;
    }
    this.client = client;
    return client;
  }

  private drop(client: Client | undefined): void {
    if (!client) return;
    if (client === this.client) this.client = undefined;
    end(client);
  }
}

function newClient({ url, cluster }: RedisAddress): Client {
  const options: RedisOptions = {
    lazyConnect: true,
    connectTimeout: ANSWER_MS,
    commandTimeout: ANSWER_MS,
    // A socket that is not closed by then is torn down; the usual 2 s would hold a process that wants to end.
    disconnectTimeout: 100,
    disableClientInfo: true,
    retryStrategy: () => null,
  };
  if (!cluster) return new Redis(url, { ...options, enableOfflineQueue: false });
  const { hostname, port, username, password, protocol } = new URL(url);
  return new Cluster([{ host: hostname, port: Number(port || 6379) }], {
    lazyConnect: true,
    clusterRetryStrategy: () => null,
    slotsRefreshTimeout: ANSWER_MS,
    maxRedirections: REDIRECTIONS_MAX,
    redisOptions: {
      ...options,
      ...(username && { username: decodeURIComponent(username) }),
      ...(password && { password: decodeURIComponent(password) }),
      ...(protocol === 'rediss:' && { tls: {} }),
    },
    // A certificate names hosts: an address that was looked up would not be found in it.
    ...(protocol === 'rediss:' && { dnsLookup: (host, found) => found(null, host) }),
  });
}

/**
 * Fails where it takes longer. The client has time-outs of its own, but a cluster that was lost while it connects, or while a
 * command waits for a fail-over, leaves promises that nothing settles.
 */
async function inTime<T>(answer: Promise<T>, timeoutMs: number): Promise<T> {
  const late = AbortSignal.timeout(timeoutMs);
  const failed = new Promise<never>((_, reject) => {
    late.addEventListener('abort', () => reject(new Error('timed out')), { once: true });
  });
  return Promise.race([answer, failed]);
}

/** Ending a client that has ended would start a timer of 2 s that nothing stops. */
function end(client: Client): void {
  if (client.status !== 'end') client.disconnect();
}

/** By its digest; a Redis that was restarted or emptied is told the script again. */
async function evaluate(
  client: Client,
  { lua, sha }: Script,
  keys: readonly string[],
  args: readonly (string | number)[],
): Promise<unknown> {
  try {
    return await client.evalsha(sha, keys.length, ...keys, ...args);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return client.eval(lua, keys.length, ...keys, ...args);
  }
}
