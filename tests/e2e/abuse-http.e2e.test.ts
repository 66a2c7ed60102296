import fc from 'fast-check';
import { SAMPLE_SHOPS } from '../../infra/local/host/data-folder';
import { SAMPLE } from '../../infra/local/demo/sample-brand';
import { ERRORS } from '../../shared/errors';
import type { RawAnswer, RawRequest } from '../support/fuzz-http';
import { exchange, portOf, requestBytes } from '../support/fuzz-http';
import { bytesOf, junk, mutated } from '../support/fuzz-json';
import { personalTexts, ScannedLog } from '../support/fuzz-log';
import type { FuzzPool, OpenApi, Route } from '../support/fuzz-request';
import { requestsTo, routesOf } from '../support/fuzz-request';
import { violationsIn } from './invariants';
import { LocalWorld } from './local-world';
import { paidMessage, signed } from './raw-http';
import type { Goods, Listing, Purchase } from './steps';
import { auditEverything, buy, newListing, offer, putListing, untilIdle, untilStatus } from './steps';

/** The same in every run; a failure prints what repeats it. */
const SEED = 20_261_125;

/** Each address gets so many requests; some 50 addresses make it about 2,000, in about 20 s. */
const REQUESTS_PER_ROUTE = 40;

/** Three times what the host takes for a busy day's work here, and half of what a function is given in a cloud. */
const RESIDENT_BYTES_MAX = 400 * 1024 * 1024;

/** A line with a stack has 2,000 characters of it; the longest id and path that Node lets through make the rest. */
const LOG_LINE_CHARS_MAX = 40_000;

let world: LocalWorld;
let goods: Goods;
let purchase: Purchase;
let pool: FuzzPool;
/** On sale in a shop with a warehouse of its own, neither of which the fuzzer knows: what it saves elsewhere is its right. */
const quiet: Listing = newListing('quiet-shop');
const log = new ScannedLog();
const statuses = new Map<number, number>();

beforeAll(async () => {
  const users = [{ token: 'token-of-the-viewer', id: 'v', name: '查看', role: 'viewer' as const }];
  world = await LocalWorld.start({
    users,
    taobaoShops: [quiet.shopId],
    settings: { YIPAN_LOG_LEVEL: 'info' },
    onHostLine: log.take,
  });
  goods = await offer(world, 'FUZZ-1', { shown: 100, onHand: 100 });
  await auditEverything(world);
  purchase = await buy(world, [{ listing: goods.doudian, quantity: 2 }]);
  const other = await buy(world, [{ listing: goods.tmall, quantity: 1 }], { buyerMemo: '请送到后门，谢谢您了' });
  for (const order of [purchase, other]) await untilStatus(world, order, 'audited');
  const aside = { warehouseIds: ['QT'], writesPerSecond: 200, writeBurst: 200, version: 0 };
  await world.host.put('/api/warehouses/QT', { title: '安静仓', kind: 'distribution', version: 0 });
  await world.host.put(`/api/shops/${quiet.shopId}`, { ...aside, channel: 'taobao', title: '安静店' });
  await world.host.post('/api/skus', { skus: [{ id: 'QUIET-1', title: 'QUIET-1' }] });
  await putListing(world, quiet, { merchantCode: 'QUIET-1', stockQty: 9 });
  const lines = [{ skuId: 'QUIET-1', qty: 9 }];
  await world.host.post('/api/stock-entries', { id: 'RK-quiet', type: 'receipt', warehouseId: 'QT', lines });
  pool = {
    tokens: [...world.secrets.users.map(({ token }) => token), ...Array.from({ length: 4 }, () => adminToken())],
    ids: [
      ...[goods.skuId, SAMPLE.sku.id, SAMPLE.sourceWarehouse, SAMPLE.distributionWarehouse],
      ...[...Object.values(SAMPLE_SHOPS), purchase.orderNo, other.orderNo, 'FH-1', 'ZZ-1', 'a#b', '__proto__'],
    ],
  };
}, 60_000);

afterAll(() => world.close());

const adminToken = (): string => world.secrets.users[0]?.token ?? '';

const ask = (request: RawRequest): Promise<RawAnswer> => exchange(portOf(world.hostUrl), requestBytes(request));

/** What an answer says that it must not, or undefined: a code with every refusal, and of faults only such as are stated. */
function objection({ method }: RawRequest, { status, body }: RawAnswer): string | undefined {
  const said = `${status} ${body.slice(0, 300)}`;
  if (status === 0) return 'closed without an answer';
  if (status < 400) return undefined;
  // Node's own refusals of what is no HTTP have no body, and HEAD never has one.
  if (status < 500 && (body === '' || method === 'HEAD')) return undefined;
  const { code = '' } = JSON.parse(body === '' ? '{}' : body) as { code?: string };
  if (status === 503) return code in ERRORS && ERRORS[code as keyof typeof ERRORS].status === 503 ? undefined : said;
  return status < 500 && code !== '' && code !== 'INTERNAL' ? undefined : said;
}

async function expectSane(requests: fc.Arbitrary<RawRequest>, numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(requests, async (request) => {
      const answer = await ask(request);
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      expect(objection(request, answer)).toBeUndefined();
    }),
    { seed: SEED, numRuns, interruptAfterTimeLimit: 60_000, markInterruptAsFailure: true, maxSkipsPerRun: 0 },
  );
}

describe('whatever is sent to the host', () => {
  it('to any address of the API is answered, or refused with a code', async () => {
    const routes = routesOf(await world.host.get<OpenApi>('/api/openapi.json'));
    expect(routes.length).toBeGreaterThan(35);
    const conversions: Route = {
      ...{ method: 'POST', path: '/api/conversions', query: [] },
      body: {
        type: 'object',
        properties: {
          orders: {
            ...{ type: 'array', minItems: 1, maxItems: 100 },
            items: {
              type: 'object',
              properties: { shopId: { type: 'string' }, orderNo: { type: 'string' } },
              required: ['shopId', 'orderNo'],
            },
          },
        },
        required: ['orders'],
      },
    };
    const pages = ['/healthz', '/metrics', '/api/openapi.json', '/', '/api/', '//', '/webhooks/'].map(
      (path): Route => ({
        ...{ method: 'GET', path, query: [], body: undefined },
      }),
    );
    for (const route of [...routes, conversions, ...pages]) {
      await expectSane(requestsTo(route, pool), REQUESTS_PER_ROUTE).catch((error: unknown) => {
        throw new Error(`${route.method} ${route.path}`, { cause: error });
      });
    }
    process.stdout.write(`answers by status: ${JSON.stringify(Object.fromEntries(statuses))}\n`);
    // A fuzzer that is refused at the door would find nothing: some requests do what they ask for.
    expect(statuses.get(200) ?? 0).toBeGreaterThan(200);
    expect(statuses.get(400) ?? 0).toBeGreaterThan(200);
  }, 120_000);

  it('as a push, with a right signature or a wrong one, is answered, or refused with a code', async () => {
    const known: unknown = JSON.parse(paidMessage(purchase.orderNo));
    const shop = fc.constantFrom(...Object.values(SAMPLE_SHOPS), 'nobody', '%zz', 'a%23b');
    const channel = fc.constantFrom('doudian', 'doudian', 'doudian', 'taobao', 'jd', '..', '__proto__');
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

  it('as bytes that are no HTTP is refused, and nobody else notices', async () => {
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
    await fc.assert(
      fc.asyncProperty(bytes, async (sent) => {
        // Ends the request where the bytes did not.
        const { status } = await exchange(
          portOf(world.hostUrl),
          Buffer.concat([sent, Buffer.from('\r\n\r\n\r\n')]),
          true,
        );
        expect(status).toBeLessThan(500);
        expect((await ask({ method: 'GET', target: '/healthz' })).status).toBe(200);
      }),
      { seed: SEED, numRuns: 150 },
    );
  }, 60_000);
});

describe('after all that', () => {
  it('an order of a shop that was left alone comes in and is audited', async () => {
    const { counts } = await world.host.get<{ counts: Record<string, number> }>('/metrics');
    expect(counts['calls.console']).toBeGreaterThan(1_000);
    await untilStatus(world, await buy(world, [{ listing: quiet, quantity: 1 }]), 'audited');
    await untilIdle(world);
  });

  it('the host has stayed within its memory', async () => {
    const { residentBytes } = await world.host.get<{ residentBytes: number }>('/metrics');
    process.stdout.write(
      `resident after the fuzzing: ${Math.round(residentBytes / 1024 / 1024)} MB, ${log.size} lines\n`,
    );
    expect(residentBytes).toBeLessThan(RESIDENT_BYTES_MAX);
  });

  it('no line of the log holds a secret, a person or a fault of ours', async () => {
    await world.stopHost();
    const { store, close } = await world.openStore();
    const raws = await store.query<{ text?: string }>(`platform-order#${purchase.shopId}#${purchase.orderNo}`, {
      limit: 10,
    });
    await close();
    const persons = raws.flatMap(({ value }) =>
      value.text === undefined ? [] : personalTexts(JSON.parse(value.text)),
    );
    expect(persons.length).toBeGreaterThan(3);
    const keysOfShops = Object.values(world.secrets.shops).flatMap(({ appSecret, accessToken }) => [
      appSecret,
      accessToken,
    ]);
    const secrets = [...world.secrets.users.map(({ token }) => token), ...keysOfShops];
    expect(log.size).toBeGreaterThan(300);
    expect(log.leaks([...secrets, ...persons, '请送到后门'])).toEqual([]);
    expect(log.faults()).toEqual([]);
    expect(log.longestChars()).toBeLessThan(LOG_LINE_CHARS_MAX);
  });

  it('every invariant of the stored data holds', async () => {
    expect(await violationsIn(world)).toEqual([]);
  });
});
