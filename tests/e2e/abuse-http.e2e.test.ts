import fc from 'fast-check';
import { until } from '../../infra/local/demo/api';
import { SAMPLE_SHOPS } from '../../infra/local/host/data-folder';
import { OWN_PAGES } from '../../infra/local/host/host';
import { readFunctionDefinitions } from '../../infra/huawei/function-definitions';
import { PROJECT } from '../support/build-bundles';
import { declaredRoutes, nameOf } from '../support/declared-routes';
import type { RawAnswer, RawRequest } from '../support/fuzz-http';
import { exchange, objection, portOf, requestBytes } from '../support/fuzz-http';
import { bytesOf, junk, mutated } from '../support/fuzz-json';
import { personalTexts, ScannedLog } from '../support/fuzz-log';
import type { FuzzPool, OpenApi, Route } from '../support/fuzz-request';
import { requestsTo, rightRequestsTo, routesOf } from '../support/fuzz-request';
import { forSeeds, fuzzMs, SEEDS } from '../support/fuzz-runs';
import { PERSONAL_PARTS } from '../support/fuzz-words';
import { HeldMemory } from '../support/held-memory';
import type { FuzzedWorld } from './fuzzed-world';
import { RECEIVER, startFuzzedWorld } from './fuzzed-world';
import { violationsIn } from './invariants';
import type { LocalWorld } from './local-world';
import { isOfMadeUpListing, realListings } from './made-up-listings';
import { paidMessage, signed } from './raw-http';
import { buy, pause, untilShown, untilStatus } from './steps';

/** Each address gets so many requests; some 70 addresses make it about 2,600. */
const REQUESTS_PER_ROUTE = 36;

/** Tries until one is right in what no schema says: a state, a version, a number that goes with a shop. Most are at once. */
const RIGHT_TRIES = [5, 200];

/** Addresses that no request of the fuzzer's can get right, and why. */
const NEVER_RIGHT: Readonly<Record<string, string>> = {
  'GET /api/session/oidc': 'no provider is set here; login-oidc.e2e.test.ts has one',
  'GET /api/session/oidc/callback': 'no provider is set here; login-oidc.e2e.test.ts has one',
  'POST /webhooks/{channel}/{shopId}': 'wants a signature, which the test of pushes makes',
};

/** Three times what the host takes for a busy day's work here, and half of what a function is given in a cloud. */
const RESIDENT_BYTES_MAX = 400 * 1024 * 1024;

/** Of what the host still needs, from a third of the requests on; by then everything is loaded. */
const GROWTH_BYTES_MAX = 4 * 1024 * 1024;

/** Hosts that are given a moment each to end what a real listing waits for. */
const LIVES_TO_REST = 5;

/** A line with a stack has 2,000 characters of it; the longest id and path that Node lets through make the rest. */
const LOG_LINE_CHARS_MAX = 40_000;

let fuzzed: FuzzedWorld;
let world: LocalWorld;
let pool: FuzzPool;
/** Everything that is declared somewhere. */
let routes: readonly Route[];
const log = new ScannedLog();
const statuses = new Map<number, number>();
const fuzzedRoutes = new Set<string>();
/** Requests of a browser that is logged in: from our own page and done, and those that another site could have made it send. */
const browsers = { served: 0, forged: 0 };
const memory = new HeldMemory();
let heldAtAThird = 0;

beforeAll(async () => {
  const onHostLine = (line: string): void => {
    log.take(line);
    memory.take(line);
  };
  fuzzed = await startFuzzedWorld(onHostLine, HeldMemory.SETTINGS);
  world = fuzzed.world;
  routes = inOrder(await declaredRoutes());
}, 120_000);

afterAll(() => world.close());

/** Orders first, before anything else is set otherwise; what ends the session of the fuzzer last. */
function inOrder(all: readonly Route[]): Route[] {
  const rank = ({ method, path }: Route): number => {
    if (path.startsWith('/api/delivery-orders/')) return -1;
    return path === '/api/session' && method === 'DELETE' ? 1 : 0;
  };
  return [...all].sort((a, b) => rank(a) - rank(b));
}

const ask = (request: RawRequest): Promise<RawAnswer> => exchange(portOf(world.hostUrl), requestBytes(request));

/** A browser's cookie comes along whoever makes it send something: without our own page's token it changes nothing. */
function isForged({ method, target, headers = {} }: RawRequest): boolean {
  const { cookie, csrfToken } = pool.session;
  // To log in, or out once more, needs no session.
  const isOpen = target.split('?')[0] === '/api/session';
  const isOurs = headers['x-csrf-token'] === csrfToken && !('origin' in headers) && !('sec-fetch-site' in headers);
  const isUnsafe = !['GET', 'HEAD', 'OPTIONS'].includes(method);
  return headers['cookie'] === cookie && isUnsafe && !isOpen && !isOurs;
}

const isDone = ({ status }: RawAnswer): boolean => status >= 200 && status < 300;

async function expectSane(requests: fc.Arbitrary<RawRequest>, runs: number): Promise<void> {
  await forSeeds(requests, runs, async (request) => {
    const answer = await ask(request);
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    expect(objection(request, answer)).toBeUndefined();
    const fromBrowser = request.headers?.['cookie'] === pool.session.cookie;
    if (isForged(request)) browsers.forged += 1;
    else if (fromBrowser && isDone(answer)) browsers.served += 1;
    expect(isForged(request) && isDone(answer)).toBe(false);
  });
}

/** The answer to the first of so many right requests that is done, else to the last. */
async function firstDone(route: Route, tries: readonly number[]): Promise<RawAnswer> {
  let answer: RawAnswer = { status: 0, body: '' };
  for (const numRuns of tries) {
    for (const request of fc.sample(rightRequestsTo(route, pool), { seed: (SEEDS[0] ?? 0) + numRuns, numRuns })) {
      answer = await ask(request);
      expect(objection(request, answer)).toBeUndefined();
      if (isDone(answer)) return answer;
    }
  }
  return answer;
}

describe('whatever is sent to the host', () => {
  it('every address that is declared anywhere does what it is there for, when it is asked rightly', async () => {
    pool = await fuzzed.poolOf('right-person');
    const refused: string[] = [];
    for (const route of routes) {
      const answer = await firstDone(route, nameOf(route) in NEVER_RIGHT ? [3] : RIGHT_TRIES);
      if (!isDone(answer)) refused.push(`${nameOf(route)}: ${answer.status} ${answer.body.slice(0, 200)}`);
    }
    const unexpected = refused.filter((text) => !Object.keys(NEVER_RIGHT).includes(text.split(':')[0] ?? ''));
    expect(unexpected).toEqual([]);
    expect(refused.length).toBe(Object.keys(NEVER_RIGHT).length);
  }, 120_000);

  it(
    'to any address is answered, or refused with a code',
    async () => {
      pool = await fuzzed.poolOf('fuzz-person');
      for (const [i, route] of routes.entries()) {
        if (i === Math.floor(routes.length / 3)) heldAtAThird = await memory.bytes(world.hostPid);
        await expectSane(requestsTo(route, pool), REQUESTS_PER_ROUTE).catch((cause: unknown) => {
          throw new Error(`${nameOf(route)} ${cause instanceof Error ? cause.message : ''}`, { cause });
        });
        fuzzedRoutes.add(nameOf(route));
      }
      process.stdout.write(`answers by status: ${JSON.stringify(Object.fromEntries(statuses))}\n`);
      // A fuzzer that is refused at the door would find nothing: some requests do what they ask for.
      expect(statuses.get(200) ?? 0).toBeGreaterThan(200);
      expect(statuses.get(400) ?? 0).toBeGreaterThan(200);
      expect(browsers.served).toBeGreaterThan(25);
      expect(browsers.forged).toBeGreaterThan(25);
    },
    fuzzMs(120_000),
  );

  it('is all that there is: what the host documents, what gateways route, and its own pages', async () => {
    const documented = routesOf(await world.host.get<OpenApi>('/api/openapi.json')).map(nameOf);
    expect(documented.length).toBeGreaterThan(50);
    expect(documented.filter((name) => !fuzzedRoutes.has(name))).toEqual([]);
    const gateway = readFunctionDefinitions(PROJECT).flatMap((one) => one.routes);
    const unseen = gateway.filter(({ method, path }) => {
      const [area = ''] = path.split('{proxy+}');
      const isIt = (name: string): boolean => name.includes(` ${area}`) && (method === '*' || name.startsWith(method));
      return ![...fuzzedRoutes].some(isIt);
    });
    expect(gateway.length).toBeGreaterThan(5);
    expect(unseen).toEqual([]);
    expect(OWN_PAGES.filter((path) => !fuzzedRoutes.has(`GET ${path}`))).toEqual([]);
  });

  it('as a push, with a right signature or a wrong one, is answered, or refused with a code', async () => {
    const known: unknown = JSON.parse(paidMessage(fuzzed.purchase.orderNo));
    const shop = fc.constantFrom(...Object.values(SAMPLE_SHOPS), 'nobody', '%zz', 'a%23b', ...PERSONAL_PARTS);
    const channel = fc.constantFrom('doudian', 'doudian', 'doudian', 'taobao', 'jd', '..', '__proto__', '13987654321');
    const tamper = fc.constantFrom<Record<string, string>>(
      ...[{}, {}, {}, {}, { 'event-sign': '' }, { 'app-id': '\u00ff' }, { 'event-sign': 'é'.repeat(32) }],
    );
    const requests = fc
      .tuple(channel, shop, bytesOf(fc.oneof(mutated(known), junk)), tamper)
      .map(([channelId, shopId, body, more]): RawRequest => {
        // Signed over the bytes as they are: it is the code behind the signature that is to be reached.
        const headers = { ...signed(world, body), ...more };
        return { method: 'POST', target: `/webhooks/${channelId}/${shopId}`, headers, body };
      });
    await expectSane(requests, 400);
  }, 60_000);

  it.each(PERSONAL_PARTS)('for %s, which is not there, is answered in the words of who asked', async (part) => {
    const admin = { authorization: `Bearer ${world.secrets.users[0]?.token ?? ''}` };
    const body = Buffer.from(
      JSON.stringify({ orders: [{ shopId: SAMPLE_SHOPS.doudian, orderNo: decodeURIComponent(part) }] }),
    );
    const requests: RawRequest[] = [
      { method: 'POST', target: '/api/conversions', headers: admin, body },
      ...['/assets/', '/webhooks/doudian/', '/webhooks/'].map((path) => ({ method: 'POST', target: path + part })),
      ...['/assets/', '/webhooks/doudian/', '/api/'].map((path) => ({
        method: 'GET',
        target: path + part,
        headers: admin,
      })),
      { method: 'GET', target: `/api/search?q=${part}`, headers: admin },
    ];
    const answers: number[] = [];
    for (const request of requests) answers.push((await ask(request)).status);
    // Whether the log repeats them is looked at in the end.
    expect(answers).toEqual([404, 404, 404, 404, 404, 404, 404, 200]);
  });

  it.each([
    ['TRACE', 400, 'BAD_INPUT'],
    ['OPTIONS', 404, 'NOT_FOUND'],
    ['DELETE', 404, 'NOT_FOUND'],
  ])('by %s, to which nothing answers, is refused', async (method, status, code) => {
    const answer = await ask({ method, target: '/api/shops' });
    expect({ status: answer.status, body: JSON.parse(answer.body) as unknown }).toMatchObject({
      status,
      body: { code },
    });
  });

  it(
    'as bytes that are no HTTP is refused, and nobody else notices',
    async () => {
      const whole = requestBytes({ method: 'GET', target: '/api/status' });
      const bytes = fc.oneof(
        fc.uint8Array({ maxLength: 2_000 }).map((array) => Buffer.from(array)),
        fc
          .nat(whole.length - 1)
          .map((at) => Buffer.concat([whole.subarray(0, at), Buffer.from([0]), whole.subarray(at)])),
        fc
          .constantFrom(
            'GET / HTTP/9.9\r\n\r\n',
            'GET /healthz HTTP/1.1\r\n\r\n',
            'POST /api/skus HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n',
            'POST /api/skus HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
            'POST /api/skus HTTP/1.1\r\nhost: a\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n',
            'CONNECT a:1 HTTP/1.1\r\nhost: a\r\n\r\n',
            `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nhost: a\r\n\r\n`,
            `GET / HTTP/1.1\r\nhost: a\r\n${'a: b\r\n'.repeat(3_000)}\r\n`,
            'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
            '\u0016\u0003\u0001\u0002\u0000',
          )
          .map((text) => Buffer.from(text, 'latin1')),
      );
      await forSeeds(bytes, 150, async (sent) => {
        // Ends the request where the bytes did not.
        const ended = Buffer.concat([sent, Buffer.from('\r\n\r\n\r\n')]);
        const { status } = await exchange(portOf(world.hostUrl), ended, true);
        expect(status).toBeLessThan(500);
        expect((await ask({ method: 'GET', target: '/healthz' })).status).toBe(200);
      });
    },
    fuzzMs(60_000),
  );
});

/** Until nothing but what goes to shops is left to be done: those that the fuzzer has made up have no keys. */
async function untilDriven(): Promise<void> {
  await until('orders and stock are driven to their end', 30_000, async () => {
    const { waiting } = await world.host.get<{ waiting: Readonly<Record<string, number>> }>('/api/status');
    const { busMessages } = await world.host.get<{ busMessages: number }>('/metrics');
    // An audit may wait for as many minutes as the fuzzer has set.
    const left = ['conversion', 'holding', 'stock-work'].filter((kind) => waiting[kind] !== 0);
    return busMessages === 0 && left.length === 0;
  });
}

describe('after all that', () => {
  it('an order of a shop that was left alone comes in and is audited', async () => {
    const { counts } = await world.host.get<{ counts: Record<string, number> }>('/metrics');
    expect(counts['calls.console']).toBeGreaterThan(1_000);
    await untilStatus(world, await buy(world, [{ listing: fuzzed.quiet, quantity: 1 }]), 'audited');
    await untilShown(world, fuzzed.quiet, 8);
    await untilDriven();
  }, 60_000);

  it('the host has stayed within its memory, and does not take more and more', async () => {
    const { residentBytes } = await world.host.get<{ residentBytes: number }>('/metrics');
    const held = await memory.bytes(world.hostPid);
    const [third, end] = [heldAtAThird, held].map((value) => (value / 1024 / 1024).toFixed(1));
    process.stdout.write(`held after a third of the fuzzing: ${third} MB, after it: ${end} MB; ${log.size} lines\n`);
    expect(heldAtAThird).toBeGreaterThan(0);
    expect(residentBytes).toBeLessThan(RESIDENT_BYTES_MAX);
    expect(held - heldAtAThird).toBeLessThan(GROWTH_BYTES_MAX);
  });

  it('no line of the log holds a secret, a person or a fault of ours', async () => {
    await world.stopHost();
    const { shopId, orderNo } = fuzzed.purchase;
    const { store, close } = await world.openStore();
    const raws = await store.query<{ text?: string }>(`platform-order#${shopId}#${orderNo}`, { limit: 10 });
    await close();
    const persons = raws.flatMap(({ value }) =>
      value.text === undefined ? [] : personalTexts(JSON.parse(value.text)),
    );
    expect(persons).toEqual(expect.arrayContaining(Object.values(RECEIVER)));
    const ofShops = Object.values(world.secrets.shops).flatMap(({ appSecret, accessToken }) => [
      appSecret,
      accessToken,
    ]);
    const ofUsers = world.secrets.users.map(({ token }) => token);
    const { secrets } = fuzzed;
    expect(secrets.length).toBeGreaterThan(8);
    expect(log.size).toBeGreaterThan(300);
    expect(log.leaks([...secrets, ...ofUsers, ...ofShops, ...persons, '请送到后门', '先问一下'])).toEqual([]);
    expect(log.faults()).toEqual([]);
    expect(log.longestChars()).toBeLessThan(LOG_LINE_CHARS_MAX);
  });

  it('every invariant of the stored data holds', async () => {
    const real = await realListings(world, [...Object.values(SAMPLE_SHOPS), fuzzed.quiet.shopId]);
    expect(real.size).toBeGreaterThan(3);
    const found = async (): Promise<string[]> =>
      (await violationsIn(world)).filter((text) => !isOfMadeUpListing(text, real));
    let violations = await found();
    // The last sale may have left its listing to be read.
    for (let lives = 0; violations.length > 0 && lives < LIVES_TO_REST; lives += 1) {
      await world.startHost();
      await pause(2_000);
      await world.stopHost();
      violations = await found();
    }
    expect(violations).toEqual([]);
  }, 60_000);
});
