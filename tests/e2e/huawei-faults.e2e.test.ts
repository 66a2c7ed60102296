import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildBundles } from '../support/build-bundles';
import type { Fault, Seen } from '../support/function-graph-stand-in';
import { KEYS } from '../support/function-graph-stand-in';
import { startDeploy } from './huawei-child';
import type { HuaweiWorld } from './huawei-world';
import { ENVIRONMENT, openHuaweiWorld, SECRET_TEXTS } from './huawei-world';

// Slow digests of secrets, and processes that load the SDK, on a machine that may be busy.
jest.setTimeout(300_000);

/** One with every kind of trigger, one with the pool. */
const KEPT = ['document-conversion', 'stock-change-capture'];

const open: HuaweiWorld[] = [];

let expected: Awaited<ReturnType<typeof undisturbed>>;

beforeAll(async () => {
  buildBundles();
  expected = await undisturbed();
});

afterEach(async () => {
  for (const world of open.splice(0)) await world.close();
});

/** A world with two functions, so that it can be gone through request by request. */
async function smallWorld(): Promise<HuaweiWorld> {
  const world = await openHuaweiWorld();
  open.push(world);
  for (const name of readdirSync(join(world.root, 'functions')).filter((one) => !KEPT.includes(one))) {
    rmSync(join(world.root, 'functions', name), { recursive: true });
  }
  return world;
}

async function apply(world: HuaweiWorld, environment = ENVIRONMENT): Promise<void> {
  const { code, text } = await world.deploy('apply', environment);
  if (code !== 0) throw new Error(text);
}

/** A second release of everything: code, a secret, a timer, an instance limit. */
const SECOND = { ...ENVIRONMENT, YIPAN_KAFKA_PASSWORD: 'kafka-password-2' };

function changeEverything(world: HuaweiWorld): void {
  for (const name of KEPT) world.changeCode(name, 'second release');
  world.changeDefinition('stock-change-capture', 'rate(1 minute)', 'rate(3 minutes)');
  world.changeDefinition('stock-change-capture', 'maximumConcurrency: 2', 'maximumConcurrency: 4');
}

/** State after both releases, and the numbers of the requests that change something. */
async function undisturbed(): Promise<{
  first: unknown;
  second: unknown;
  firstWrites: number[];
  secondWrites: number[];
}> {
  const world = await smallWorld();
  await apply(world);
  const first = world.cloud.state();
  const count = world.cloud.seen.length;
  changeEverything(world);
  await apply(world, SECOND);
  const writes = (from: number, to: number): number[] =>
    world.cloud.seen.slice(from, to).flatMap(({ n, method }) => (method === 'GET' ? [] : [n - from]));
  return {
    ...{ first, second: world.cloud.state() },
    ...{ firstWrites: writes(0, count), secondWrites: writes(count, world.cloud.seen.length) },
  };
}

const once = (fault: Fault): ((request: Seen) => Fault | undefined) => {
  const met = new Set<string>();
  return ({ method, path, body }) => {
    const request = `${method} ${path} ${JSON.stringify(body)}`;
    if (met.has(request)) return undefined;
    met.add(request);
    return fault;
  };
};

const FAULTS: readonly [string, Fault][] = [
  ['is throttled', { kind: 'refuse', status: 429, code: 'FSS.0429' }],
  ['fails on the platform', { kind: 'refuse', status: 500, code: 'FSS.0500' }],
  ['fails after it has done its work', { kind: 'refuse-after', status: 500, code: 'FSS.0500' }],
  ['is cut off', { kind: 'drop-before' }],
  ['is cut off after it has done its work', { kind: 'drop-after' }],
];

describe('an apply', () => {
  it.each(FAULTS)('whose every request %s once ends where an undisturbed one does', async (_, fault) => {
    const world = await smallWorld();
    world.cloud.fault = once(fault);
    await apply(world);
    expect(world.cloud.state()).toEqual(expected.first);
    changeEverything(world);
    await apply(world, SECOND);
    expect(world.cloud.state()).toEqual(expected.second);
    expect((await world.deploy('plan', SECOND)).text).toContain('nothing to change');
  });

  it('gives up where throttling does not end, having changed nothing, and names the code', async () => {
    const world = await smallWorld();
    world.cloud.fault = () => ({ kind: 'refuse', status: 429, code: 'FSS.0429' });
    const { code, text } = await world.deploy('apply');
    expect([code, world.cloud.seen.length, world.cloud.project.functions.size]).toEqual([1, 7, 0]);
    expect(text).toContain('FSS.0429: list functions: 429 FSS.0429');
  });

  it.each([
    ['a runtime that the region lacks', 'FSS.1005', 400, 'Set `runtime` in the stage file'],
    ['an account that is full', 'FSS.1041', 403, 'The account has no room for more functions'],
    ['a Kafka instance elsewhere', 'FSS.1114', 400, "must be in the Kafka instance's own VPC and subnet"],
  ])('says what to do about %s', async (_, code, status, advice) => {
    const world = await smallWorld();
    const at = code === 'FSS.1114' ? 'triggers' : 'functions';
    world.cloud.fault = ({ method, path, body }) =>
      method === 'POST' && path.startsWith(at) && (at === 'functions' || body['trigger_type_code'] === 'KAFKA')
        ? { kind: 'refuse', status, code }
        : undefined;
    const { code: exit, text } = await world.deploy('apply');
    expect([exit, text]).toEqual([1, expect.stringContaining(advice)]);
  });

  it('with a wrong key is refused by its signature', async () => {
    const world = await smallWorld();
    const { code, text } = await world.deploy('apply', { ...ENVIRONMENT, HUAWEICLOUD_SDK_SK: 'not-the-key' });
    expect([code, text]).toEqual([1, expect.stringContaining('APIGW.0301')]);
    expect(text).toContain('Check HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK');
    expect(world.cloud.project.functions.size).toBe(0);
  });
});

describe('a process that is killed', () => {
  it('after any of the requests of a first apply leaves what the next apply goes on with', async () => {
    expect(expected.firstWrites.length).toBeGreaterThan(15);
    for (const n of expected.firstWrites) {
      const world = await smallWorld();
      await killAt(world, n, ENVIRONMENT);
      await apply(world);
      expect([n, world.cloud.state()]).toEqual([n, expected.first]);
    }
  });

  it('after any of the requests of an update, too: the live version is the old one or the tested new one', async () => {
    expect(expected.secondWrites.length).toBeGreaterThan(10);
    for (const n of expected.secondWrites) {
      const world = await smallWorld();
      await apply(world);
      const tested = new Set<string>();
      world.cloud.answer = (name, version) => {
        tested.add(`${name} ${version}`);
        return { ok: true };
      };
      const before = liveVersions(world);
      changeEverything(world);
      await killAt(world, world.cloud.seen.length + n, SECOND);
      const wrong = liveVersions(world).filter((live) => !before.includes(live) && !tested.has(live));
      expect([n, wrong]).toEqual([n, []]);
      await apply(world, SECOND);
      expect([n, world.cloud.state()]).toEqual([n, expected.second]);
    }
  });
});

function liveVersions({ cloud }: HuaweiWorld): string[] {
  return [...cloud.project.functions.values()].map(
    ({ name, aliases }) => `${name} ${aliases.get('live')?.version ?? ''}`,
  );
}

/** Runs an apply and kills it when the n-th request has done its work, before it is answered. */
async function killAt(world: HuaweiWorld, n: number, environment: Readonly<Record<string, string>>): Promise<void> {
  const child = startDeploy(world, 'apply', environment);
  world.cloud.onDone = async (request) => {
    if (request.n === n) await child.kill();
  };
  const { signal, text } = await child.ended;
  world.cloud.onDone = async () => undefined;
  if (signal !== 'SIGKILL') throw new Error(`it ended before request ${n}: ${text}`);
}

describe('no secret', () => {
  it.each([
    ['refuses', 400],
    ['fails', 500],
  ])('gets to the output when the platform %s and says again what it was sent', async (_, status) => {
    const world = await smallWorld();
    world.cloud.fault = ({ method, body }) =>
      method === 'GET' ? undefined : { kind: 'refuse', status, code: 'FSS.0400', message: JSON.stringify(body) };
    const child = startDeploy(world, 'apply', { ...ENVIRONMENT, DEBUG: 'DEBUG' });
    const { code, text } = await child.ended;
    expect([code, text]).toEqual([1, expect.stringContaining(`${status} FSS.0400`)]);
    expect(text).toContain('yipan-trial-document-conversion');
    for (const secret of [...SECRET_TEXTS, 'SDK-HMAC-SHA256', KEYS.secretKey]) expect(text).not.toContain(secret);
    // The SDK would keep a log of requests where it is started.
    expect(readdirSync(world.root).filter((name) => name.endsWith('.log'))).toEqual([]);
  });
});
