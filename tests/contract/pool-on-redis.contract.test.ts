import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { buildSync } from 'esbuild';
import { Redis } from 'ioredis';
import { freePort } from '../../infra/local/engines/free-port';
import type { RedisEngine } from '../../infra/local/engines/redis';
import { startRedis } from '../../infra/local/engines/redis';
import { openRedisPool } from '../../shared/adapters/redis/redis-pool';
import { systemRandom } from '../../shared/adapters/system/system';
import type { AppError } from '../../shared/errors';
import { ListLog } from '../support/list-log';
import { ManualClock } from '../support/manual-clock';

/** So long a pool says no at once behind a failure. */
const PAUSE_MS = 3_000;

const LEASE_MS = 60_000;
const RATE = { perSecond: 10, burst: 25 };

const opened: { close(): Promise<void> }[] = [];

/** An instance of a function, as far as the pool is concerned. */
function instance(url: string, clock = new ManualClock(1_000_000)) {
  const log = new ListLog();
  const made = openRedisPool({ url, cluster: false, prefix: 'test' }, { clock, random: systemRandom, log });
  opened.push(made);
  return { ...made, clock, log, failed: () => log.counts.get('pool.failed') ?? 0 };
}

/** How a call failed, and after how long. */
async function failure(call: Promise<unknown>): Promise<{ error: AppError; ms: number; reason: unknown }> {
  const startedMs = performance.now();
  const error = await call.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason as AppError,
  );
  expect(error).toMatchObject({ code: 'POOL_UNAVAILABLE', status: 503, retry: 'later' });
  const { facts } = error as AppError;
  return { error: error as AppError, ms: performance.now() - startedMs, reason: facts['reason'] };
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
});

describe('a pool on a Redis', () => {
  let server: RedisEngine;
  let admin: Redis;

  beforeEach(async () => {
    server = await startRedis();
    admin = new Redis(server.endpoint);
    admin.on('error', () => undefined);
  });

  afterEach(async () => {
    if (admin.status !== 'end') admin.disconnect();
    await server.stop();
  });

  it('loses nothing but hints when Redis is killed and comes back empty', async () => {
    const { pool, clock, failed } = instance(server.endpoint);
    await pool.touch([{ skuId: 'A', atMs: 10 }]);
    await pool.endFill(await pool.beginFill(), 20);
    const stale = await pool.lease(9, LEASE_MS);
    admin.disconnect();
    await server.kill();
    const down = await failure(pool.touch([{ skuId: 'B', atMs: 30 }]));
    expect(down.ms).toBeLessThan(1_000);
    expect(down.reason).toBe('ECONNREFUSED');
    // For a while nobody waits for it again, even if it is back by now.
    server = await startRedis({ port: server.port });
    expect((await failure(pool.list(9))).reason).toBe('failed a moment ago');
    expect(failed()).toBe(2);
    await clock.advance(PAUSE_MS);
    // It knows no script any more and is told each again; and it has not been filled.
    expect(await pool.progress()).toEqual({ filledUpToMs: undefined, oldestMs: undefined });
    await pool.touch([{ skuId: 'A', atMs: 40 }]);
    await pool.clear(stale);
    expect(await pool.list(9)).toEqual([{ skuId: 'A', counter: 1, sinceMs: 40 }]);
  });

  it('tells Redis a script again that it has forgotten', async () => {
    const { pool } = instance(server.endpoint);
    await pool.touch([{ skuId: 'A', atMs: 10 }]);
    await admin.script('FLUSH');
    await pool.touch([{ skuId: 'A', atMs: 20 }]);
    expect(await pool.list(9)).toEqual([{ skuId: 'A', counter: 2, sinceMs: 10 }]);
    // By digest, where it is known: the text of a script crosses the wire once. Two of one, one of another.
    expect(await admin.info('commandstats')).toMatch(/cmdstat_evalsha:calls=3,/);
    expect(await admin.info('commandstats')).toMatch(/cmdstat_eval:calls=3,/);
  });

  it('goes on over a connection that was cut while nobody looked, without the caller learning of it', async () => {
    const { pool, failed } = instance(server.endpoint);
    await pool.touch([{ skuId: 'A', atMs: 10 }]);
    await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await pool.touch([{ skuId: 'A', atMs: 20 }]);
    expect(await pool.list(9)).toEqual([{ skuId: 'A', counter: 2, sinceMs: 10 }]);
    expect(failed()).toBe(0);
  });

  it('fails within its time when Redis stops answering, and heals when it answers again', async () => {
    const { pool, clock } = instance(server.endpoint);
    await pool.touch([{ skuId: 'A', atMs: 10 }]);
    process.kill(server.pid, 'SIGSTOP');
    const hung = await failure(pool.list(9));
    expect(hung.reason).toBe('no answer in time');
    // One wait of 2 s for the answer.
    expect(hung.ms).toBeGreaterThan(1_900);
    expect(hung.ms).toBeLessThan(4_000);
    expect((await failure(pool.list(9))).ms).toBeLessThan(100);
    process.kill(server.pid, 'SIGCONT');
    await clock.advance(PAUSE_MS);
    expect(await pool.list(9)).toEqual([{ skuId: 'A', counter: 1, sinceMs: 10 }]);
  });

  it('does not go on with a connection whose other end is gone without a word', async () => {
    const ends: Socket[] = [];
    const tunnel = createServer((socket) => {
      const onward = connect(server.port, '127.0.0.1');
      socket.pipe(onward).pipe(socket);
      ends.push(socket, onward);
    });
    await new Promise<void>((resolve) => tunnel.listen(0, '127.0.0.1', resolve));
    const { pool, clock } = instance(`redis://127.0.0.1:${(tunnel.address() as AddressInfo).port}`);
    await pool.touch([{ skuId: 'A', atMs: 10 }]);
    for (const end of ends) end.unpipe().pause();
    expect((await failure(pool.list(9))).reason).toBe('no answer in time');
    await clock.advance(PAUSE_MS);
    // Over a second connection: the first one would be silent again.
    expect(await pool.list(9)).toHaveLength(1);
    expect(ends).toHaveLength(4);
    for (const end of ends) end.destroy();
    await new Promise((resolve) => tunnel.close(resolve));
  });

  it('refuses as a whole when Redis is full, and goes on when there is room', async () => {
    const { pool, clock } = instance(server.endpoint);
    await pool.touch([{ skuId: 'A', atMs: 10 }]);
    const [leased] = await pool.lease(9, LEASE_MS);
    await pool.touch([{ skuId: 'B', atMs: 20 }]);
    await admin.config('SET', 'maxmemory', '1');
    const refusals: unknown[] = [];
    const more = [{ skuId: 'C', atMs: 5 }];
    for (const call of [
      () => pool.touch(more),
      () => pool.lease(9, LEASE_MS),
      () => pool.takeTokens('shop', 1, RATE),
    ]) {
      refusals.push((await failure(call())).reason);
      await clock.advance(PAUSE_MS);
    }
    expect(refusals).toEqual(['OOM', 'OOM', 'OOM']);
    // What makes room is taken.
    await pool.clear(leased ? [leased] : []);
    await admin.config('SET', 'maxmemory', '0');
    expect(await pool.lease(9, LEASE_MS)).toMatchObject([{ skuId: 'B', counter: 1, sinceMs: 20 }]);
  });

  it('leaves a server that has become a replica, for the one that its name leads to by then', async () => {
    const { pool, clock } = instance(server.endpoint);
    await pool.touch([{ skuId: 'A', atMs: 10 }]);
    await admin.replicaof('127.0.0.1', await freePort());
    const before = /total_connections_received:(\d+)/.exec(await admin.info('stats'))?.[1];
    expect((await failure(pool.touch([{ skuId: 'B', atMs: 20 }]))).reason).toBe('READONLY');
    const after = /total_connections_received:(\d+)/.exec(await admin.info('stats'))?.[1];
    // It has looked once more, over a new connection.
    expect(Number(after) - Number(before)).toBe(1);
    await admin.replicaof('NO', 'ONE');
    await clock.advance(PAUSE_MS);
    await pool.touch([{ skuId: 'B', atMs: 20 }]);
    expect(await pool.list(9)).toHaveLength(2);
  });

  it('takes a mistake of ours for no outage, also in a minified bundle', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'yipan-pool-'));
    const outfile = join(folder, 'redis-pool.cjs');
    const entry = join(__dirname, '../../shared/adapters/redis/redis-pool.ts');
    buildSync({ entryPoints: [entry], outfile, bundle: true, minify: true, platform: 'node', format: 'cjs' });
    const { openRedisPool: openBundled } = (await import(outfile)) as { openRedisPool: typeof openRedisPool };
    for (const openPool of [openRedisPool, openBundled]) {
      const log = new ListLog();
      const ports = { clock: new ManualClock(), random: systemRandom, log };
      const { pool, close } = openPool({ url: server.endpoint, cluster: false, prefix: 'test' }, ports);
      await expect(pool.touch([{ skuId: 'A', atMs: Number.NaN }])).rejects.toThrow(/valid float/);
      await pool.touch([{ skuId: 'B', atMs: 10 }]);
      expect(log.counts.get('pool.failed')).toBeUndefined();
      await close();
    }
    rmSync(folder, { recursive: true });
  });

  it('keeps nothing of what was cleared, and of a bucket nothing once it is full again', async () => {
    const { pool } = instance(server.endpoint);
    await pool.touch([
      { skuId: 'A', atMs: 10 },
      { skuId: 'B', atMs: 20 },
    ]);
    const leased = await pool.lease(9, LEASE_MS);
    await pool.touch([{ skuId: 'B', atMs: 30 }]);
    await pool.clear(leased);
    await pool.clear(await pool.lease(9, LEASE_MS));
    expect(await admin.dbsize()).toBe(0);
    // 25 tokens come in 2.5 s; a minute more for clocks that differ.
    expect((await pool.takeTokens('shop', 25, RATE)).granted).toBe(25);
    const keptMs = await admin.pttl('{test:bucket:shop}');
    expect(keptMs).toBeGreaterThan(61_000);
    expect(keptMs).toBeLessThanOrEqual(62_500);
  });

  it('keeps the bucket of a clock that runs an hour ahead no longer than any other', async () => {
    const [ahead, right] = [
      instance(server.endpoint, new ManualClock(3_600_000)),
      instance(server.endpoint, new ManualClock(0)),
    ];
    expect((await ahead.pool.takeTokens('shop', 25, RATE)).granted).toBe(25);
    await admin.pexpire('{test:bucket:shop}', 30);
    // Asking in vain does not keep it alive.
    expect((await right.pool.takeTokens('shop', 1, RATE)).granted).toBe(0);
    expect(await admin.pttl('{test:bucket:shop}')).toBeLessThanOrEqual(30);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect((await right.pool.takeTokens('shop', 1, RATE)).granted).toBe(1);
  });

  it('leases each entry to one of many instances, and grants them together what the rate allows', async () => {
    const clock = new ManualClock(0);
    const instances = Array.from({ length: 4 }, () => instance(server.endpoint, clock));
    const skus = Array.from({ length: 300 }, (_, i) => `SKU-${i}`);
    await instances[0]?.pool.touch(skus.map((skuId) => ({ skuId, atMs: 1 })));
    const leased: string[] = [];
    let granted = 0;
    const race = instances.flatMap(({ pool }) =>
      Array.from({ length: 10 }, async () => {
        for (const { skuId } of await pool.lease(9, LEASE_MS)) leased.push(skuId);
        const taken = await pool.takeTokens('shop', 2, RATE);
        granted += taken.granted;
      }),
    );
    await Promise.all(race);
    // 40 leases of 9 are more than 300, and 40 times 2 tokens more than a burst of 25.
    expect(leased.sort()).toEqual([...skus].sort());
    expect(granted).toBe(25);
    // A second later 10 more, to all together.
    await clock.advance(1_000);
    await Promise.all(
      instances.map(async ({ pool }) => {
        for (let i = 0; i < 5; i++) {
          const taken = await pool.takeTokens('shop', 1, RATE);
          granted += taken.granted;
        }
      }),
    );
    expect(granted).toBe(35);
  });

  it('is emptied in the middle of a race and leases what came in afterwards once, fenced from what was before', async () => {
    const clock = new ManualClock(0);
    const [one, two] = [instance(server.endpoint, clock), instance(server.endpoint, clock)];
    const skus = Array.from({ length: 40 }, (_, i) => ({ skuId: `SKU-${i}`, atMs: i }));
    await one.pool.touch(skus);
    const stale = await one.pool.lease(40, LEASE_MS);
    await admin.flushall();
    await two.pool.touch(skus);
    const [fresh] = await Promise.all([two.pool.lease(20, LEASE_MS), one.pool.clear(stale), one.pool.giveBack(stale)]);
    expect(fresh).toHaveLength(20);
    expect(await two.pool.list(100)).toHaveLength(40);
    expect(await one.pool.lease(40, LEASE_MS)).toHaveLength(20);
  });
});

describe('a Redis that cannot be used', () => {
  it('fails at once where nobody listens', async () => {
    const { pool } = instance(`redis://:hush-secret@127.0.0.1:${await freePort()}`);
    const { error, ms, reason } = await failure(pool.lease(9, LEASE_MS));
    expect(reason).toBe('ECONNREFUSED');
    expect(ms).toBeLessThan(1_000);
    expect(inspect(error, { depth: 9 })).not.toContain('hush-secret');
  });

  it('fails within its time where somebody listens and says nothing', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { pool, clock } = instance(`redis://127.0.0.1:${(silent.address() as AddressInfo).port}`);
    // Connected; 2 s for the first answer, and however long the client takes to hang up, within the 6 s that it may take.
    const calls = [pool.list(9), pool.touch([{ skuId: 'A', atMs: 1 }])].map(failure);
    for (const { ms } of await Promise.all(calls)) expect(ms).toBeLessThan(6_000);
    expect(sockets).toHaveLength(1);
    await clock.advance(PAUSE_MS - 1);
    expect((await failure(pool.list(9))).ms).toBeLessThan(100);
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => silent.close(resolve));
  });

  it('says that a login is wrong, and never with what', async () => {
    const server = await startRedis({ args: ['--requirepass', 'right-secret'] });
    const wrong = instance(server.endpoint.replace('//', '//default:wrong-secret@'));
    const refused = await failure(wrong.pool.list(9));
    expect(refused.reason).toBe('WRONGPASS');
    expect(inspect(refused.error, { depth: 9 })).not.toContain('secret');
    const none = await failure(instance(server.endpoint).pool.list(9));
    expect(none.reason).toBe('NOAUTH');
    const right = instance(server.endpoint.replace('//', '//:right-secret@'));
    expect(await right.pool.list(9)).toEqual([]);
    await right.close();
    await server.stop();
  });

  it('can be closed before it was used, after it failed, and is opened again by the next use', async () => {
    const unused = instance('redis://127.0.0.1:1');
    await unused.close();
    const server = await startRedis();
    const { pool, close } = instance(server.endpoint);
    await pool.touch([{ skuId: 'A', atMs: 1 }]);
    await close();
    await close();
    expect(await pool.list(9)).toHaveLength(1);
    await server.stop();
  });
});
