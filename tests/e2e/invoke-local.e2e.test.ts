import { execFile, execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pLimit from 'p-limit';
import { SqliteStore } from '../../shared/adapters/sqlite/sqlite-store';
import type { DeliveryOrder } from '../../shared/domain/order/delivery-order';
import type { HttpResponse } from '../../shared/platform/http';
import { keys } from '../../shared/procedures/keys';
import { buildBundles, PROJECT } from '../support/build-bundles';

// Every file of events/ through the real `sls invoke local`: the bundle that is deployed, with no account, no network and
// no platform, on a store of its own that holds the sample brand.

/** Processes at once: each is a second of work for one core. */
const AT_ONCE = 2;

const TMALL_ORDER = 'tmall-main#2600000000123456789';
const DOUDIAN_ORDER = 'dy-main#6917525312345678801';

interface Expectation {
  /** Members of what the function returns; an HTTP body is read as JSON, but for a page. */
  readonly answer: object;
  /** Statuses of delivery orders in the store afterwards. */
  readonly orders?: Readonly<Record<string, string>>;
}

const accepted: Expectation = { answer: { statusCode: 200, body: { code: 0, msg: 'success' } } };
// No platform runs, so the order cannot be fetched, and the platform must push again.
const refused: Expectation = { answer: { statusCode: 503, body: { code: 1, msg: 'fail' } } };
const polled: Expectation = { answer: { shops: 2, messages: 0 } };
const pulled: Expectation = { answer: { shops: 2, orders: 0 } };
const [converted, audited] = [{ [TMALL_ORDER]: 'pending-audit' }, { [DOUDIAN_ORDER]: 'audited' }];
const convertedByHand: Expectation = {
  answer: {
    statusCode: 200,
    body: { results: [{ state: 'converted', deliveryOrderId: TMALL_ORDER, status: 'pending-audit' }] },
  },
  orders: converted,
};
// Three settings and two listings ask for their shops. No platform runs: what fails waits in the sync queue.
const pushed: Expectation = { answer: { due: 0, walked: 5, computed: 0, again: 0 } };
// Receipt; hold and taking out of the allocation order; bringing in; hold of the converted order.
const sweptStock: Expectation = { answer: { documents: 0, entries: 5 } };
const summarisedStock: Expectation = { answer: { entries: 5 } };

const shownPage: Expectation = {
  answer: {
    ...{ statusCode: 200, isBase64Encoded: false, headers: { 'content-type': 'text/html; charset=utf-8' } },
    body: expect.stringMatching(/<script type="module" nonce="[\da-f]{32}" src="\/assets\/main-\w+\.js">/) as string,
  },
};

const EXPECTED: Readonly<Record<string, Expectation>> = {
  'order-ingestion/apig-address-check': accepted,
  'order-ingestion/apig-order-paid': refused,
  'order-ingestion/http-api-address-check': accepted,
  'order-ingestion/http-api-order-paid': refused,
  'order-ingestion/http-api-wrong-signature': {
    answer: { statusCode: 401, body: { code: 'BAD_SIGNATURE', facts: { shopId: 'dy-main' } } },
  },
  'order-ingestion/timer-poll-messages': polled,
  'order-ingestion/schedule-poll-messages': polled,
  'order-ingestion/timer-pull-modified': pulled,
  'order-ingestion/schedule-pull-modified': pulled,
  'document-conversion/sqs-platform-order-changed': { answer: { batchItemFailures: [] }, orders: converted },
  'document-conversion/sqs-one-fails': {
    answer: { batchItemFailures: [{ itemIdentifier: '059f36b4-87a3-44ab-83d2-661975830002' }] },
    orders: converted,
  },
  'document-conversion/kafka-platform-order-changed': { answer: { handled: 2, parked: 0 }, orders: converted },
  'document-conversion/self-managed-kafka-platform-order-changed': {
    answer: { handled: 2, parked: 0 },
    orders: converted,
  },
  'document-conversion/kafka-two-parked': { answer: { handled: 1, parked: 2 }, orders: converted },
  'document-conversion/apig-convert': convertedByHand,
  'document-conversion/http-api-convert': convertedByHand,
  'document-conversion/timer-sweep': { answer: { waiting: 1, holding: 0, revived: 0, newSkus: 0 }, orders: converted },
  'document-conversion/schedule-sweep': {
    answer: { waiting: 1, holding: 0, revived: 0, newSkus: 0 },
    orders: converted,
  },
  'auto-audit/sqs-delivery-order-ready': { answer: { batchItemFailures: [] }, orders: audited },
  'auto-audit/kafka-delivery-order-ready': { answer: { handled: 1, parked: 0 }, orders: audited },
  'auto-audit/timer-sweep': { answer: { due: 1, again: 0 }, orders: audited },
  'auto-audit/timer-v1-sweep': { answer: { due: 1, again: 0 }, orders: audited },
  'auto-audit/event-rule-sweep': { answer: { due: 1, again: 0 }, orders: audited },
  'auto-audit/schedule-sweep': { answer: { due: 1, again: 0 }, orders: audited },
  'stock-change-capture/sqs-stock-changed': { answer: { batchItemFailures: [] } },
  'stock-change-capture/kafka-stock-changed': { answer: { handled: 2, parked: 0 } },
  'stock-change-capture/msk-stock-changed': { answer: { handled: 2, parked: 0 } },
  'stock-change-capture/timer-sweep': sweptStock,
  'stock-change-capture/schedule-sweep': sweptStock,
  'stock-change-capture/timer-summarise': summarisedStock,
  'stock-change-capture/schedule-summarise': summarisedStock,
  'ratio-sync-push/timer-push': pushed,
  'ratio-sync-push/schedule-push': pushed,
  'ratio-sync-push/timer-read-back': { answer: { looked: 2 } },
  'ratio-sync-push/schedule-read-back': { answer: { looked: 2 } },
  'console/apig-status': {
    answer: {
      statusCode: 200,
      body: { waiting: { conversion: 1, holding: 1, audit: 0, 'stock-work': 0 }, poolSkus: 0 },
    },
  },
  'console/rest-api-status': {
    answer: {
      statusCode: 200,
      body: { waiting: { conversion: 1, holding: 1, audit: 0, 'stock-work': 0 }, poolSkus: 0 },
    },
  },
  'console/http-api-delivery-orders': {
    answer: { statusCode: 200, body: { rows: [{ id: DOUDIAN_ORDER, status: 'pending-audit', statusText: '待审核' }] } },
  },
  'console/apig-page': shownPage,
  'console/http-api-page': shownPage,
  'console/http-api-page-head': { answer: { ...shownPage.answer, body: '' } },
  'console/http-api-no-token': {
    answer: { statusCode: 401, body: { code: 'UNAUTHENTICATED', message: '未登录或令牌无效' } },
  },
};

const EVENTS = eventNames();
let folder: string;
const answers = new Map<string, { answer: unknown } | Error>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'yipan-events-'));
  buildBundles();
  const seeded = join(folder, 'seeded.db');
  execFileSync(process.execPath, ['dist/infra/local/seed-sample.js', '--store', seeded], {
    cwd: PROJECT,
    stdio: 'pipe',
  });
  const gateway = await closedAddress();
  const limit = pLimit(AT_ONCE);
  await Promise.all(
    EVENTS.map((name) =>
      limit(async () => {
        copyFileSync(seeded, storeFileOf(name));
        answers.set(name, await invokeLocal(name, gateway).catch((error: unknown) => error as Error));
      }),
    ),
  );
}, 240_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('has an expectation for every sample event, and a sample event for every expectation', () => {
  expect(EVENTS).toEqual(Object.keys(EXPECTED).sort());
});

it.each(EVENTS)('sls invoke local answers %s', async (name) => {
  const invoked = answers.get(name);
  if (invoked instanceof Error) throw invoked;
  expect(invoked).toMatchObject({ answer: EXPECTED[name]?.answer });
  expect(await statusesIn(storeFileOf(name), Object.keys(EXPECTED[name]?.orders ?? {}))).toEqual(
    EXPECTED[name]?.orders ?? {},
  );
});

function eventNames(): string[] {
  const events = join(PROJECT, 'events');
  return readdirSync(events, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => readdirSync(join(events, name)).map((file) => `${name}/${file.replace(/\.json$/, '')}`))
    .sort();
}

function storeFileOf(name: string): string {
  return join(folder, `${name.replace('/', '.')}.db`);
}

/** What the function returned, read from what `sls invoke local` prints: behind log lines, JSON over several lines. */
async function invokeLocal(name: string, gateway: string): Promise<{ answer: unknown }> {
  const [functionName = ''] = name.split('/');
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(PROJECT, 'node_modules/.bin/sls'), 'invoke', 'local', '-f', functionName, '-p', `events/${name}.json`],
    {
      cwd: PROJECT,
      env: {
        PATH: process.env['PATH'],
        // Nobody's account: no profile to find, and no machine role to ask for.
        HOME: folder,
        AWS_EC2_METADATA_DISABLED: 'true',
        YIPAN_STORE_FILE: storeFileOf(name),
        YIPAN_TAOBAO_GATEWAY: `${gateway}/router/rest`,
        YIPAN_DOUDIAN_GATEWAY: `${gateway}/doudian`,
        YIPAN_LOG_LEVEL: 'error',
      },
    },
  );
  const lines = stdout.trimEnd().split('\n');
  const answer = JSON.parse(lines.slice(lines.lastIndexOf('{')).join('\n')) as Partial<HttpResponse>;
  const { body, headers } = answer;
  const isJson = body !== undefined && !headers?.['content-type']?.startsWith('text/html');
  return { answer: isJson ? { ...answer, body: JSON.parse(body) as unknown } : answer };
}

async function statusesIn(
  storeFile: string,
  deliveryOrderIds: readonly string[],
): Promise<Record<string, string | undefined>> {
  const store = new SqliteStore(storeFile);
  const orders = await store.getMany<DeliveryOrder>(deliveryOrderIds.map(keys.deliveryOrder));
  await store.close();
  return Object.fromEntries(deliveryOrderIds.map((id, i) => [id, orders[i]?.value.status]));
}

/** A loopback address where nobody listens. */
async function closedAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}
