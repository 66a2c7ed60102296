import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { handler as autoAudit } from '../../../functions/auto-audit/handler';
import { handler as documentConversion } from '../../../functions/document-conversion/handler';
import { handler as orderIngestion } from '../../../functions/order-ingestion/handler';
import { handler as stockChangeCapture } from '../../../functions/stock-change-capture/handler';
import { until } from '../../../infra/local/demo/api';
import type { Queues } from '../../../infra/local/host/queue-trigger';
import { startQueues } from '../../../infra/local/host/queues';
import { configOf } from '../../../shared/config';
import type { Handler } from '../../../shared/platform/define-function';
import { instanceOf } from '../../../shared/platform/profile';
import type { Store } from '../../../shared/ports/store';
import { keys } from '../../../shared/procedures/keys';
import { LogLines } from '../../support/log-lines';
import { SHOP } from '../../support/stub-run';
import { StubGateway } from '../channels/stub-gateway';

// The functions that are deployed, on the bus of one machine: a platform's push goes through ingestion, conversion and audit.

const EVENTS = join(__dirname, '../../../events');
const SECRETS = readFileSync(join(EVENTS, 'sample-secrets.json'), 'utf8');
const ORDER = readFileSync(join(__dirname, '../../../infra/local/seed/data/doudian-order.json'), 'utf8');
const SHOP_ID = 'dy-main';
const SAMPLE_NO = '6917525312345678801';
const ORDER_NOS = [SAMPLE_NO, '6917525312345678811', '6917525312345678821'] as const;
const STOCK = { warehouseId: SHOP.warehouseIds[0] ?? '', skuId: '010253884' };

/** What a proxy in front of the gateway says of the first push; the others come without. */
const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';

const FUNCTIONS: Readonly<Record<string, Handler>> = {
  'document-conversion': documentConversion,
  'auto-audit': autoAudit,
  'stock-change-capture': stockChangeCapture,
};

let folder: string;
let gateway: StubGateway;
let queues: Queues;
let lines: LogLines;
let calls = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'yipan-trace-'));
  // Pushed one after the other, so that each order is the platform's next answer.
  gateway = await StubGateway.open(...ORDER_NOS.map((orderNo) => ({ text: ORDER.replaceAll(SAMPLE_NO, orderNo) })));
  lines = new LogLines();
  const config = configOf(contextOf('host'));
  const instance = await instanceOf(config);
  await seed(instance.store.storeOf(() => 60_000));
  queues = await startQueues(config, instance, (name, event) => {
    const handler = FUNCTIONS[name];
    if (!handler) throw new Error(`there is no function ${name}`);
    return handler(event, contextOf(name));
  });
  for (const [i, orderNo] of ORDER_NOS.entries()) {
    const answer = await orderIngestion(push(orderNo, i === 0 ? TRACE_ID : undefined), contextOf('order-ingestion'));
    expect(answer).toMatchObject({ statusCode: 200 });
  }
  await until('all orders are audited', 10_000, async () => lines.of('order.audited').length === ORDER_NOS.length);
});

afterAll(async () => {
  lines.end();
  await queues.close();
  await (await instanceOf(configOf(contextOf('host')))).store.close();
  await gateway.close();
  rmSync(folder, { recursive: true, force: true });
});

function contextOf(functionName: string): object {
  const requestId = `request-${(calls += 1)}`;
  const settings: Readonly<Record<string, string>> = {
    ...{ YIPAN_STORE_FILE: join(folder, 'yipan.db'), YIPAN_SECRETS: SECRETS, YIPAN_DOUDIAN_GATEWAY: gateway.url },
  };
  return {
    getFunctionName: () => functionName,
    getRequestID: () => requestId,
    getUserData: (name: string) => settings[name],
    getRemainingTimeInMilliSeconds: () => 60_000,
  };
}

/** A push of the platform, signed as it signs. */
function push(orderNo: string, traceId: string | undefined): object {
  const event = readFileSync(join(EVENTS, 'order-ingestion/http-api-order-paid.json'), 'utf8');
  const sample = JSON.parse(event.replaceAll('6917525312345678901', orderNo)) as { body: string; headers: object };
  const { appKey, appSecret } = (
    JSON.parse(SECRETS) as { shops: Record<string, { appKey: string; appSecret: string }> }
  ).shops[SHOP_ID] ?? { appKey: '', appSecret: '' };
  const sign = createHash('md5').update(`${appKey}${sample.body}${appSecret}`).digest('hex');
  const traceparent = traceId === undefined ? {} : { traceparent: `00-${traceId}-00f067aa0ba902b7-01` };
  return { ...sample, headers: { ...sample.headers, 'event-sign': sign, ...traceparent } };
}

/** The shop, its goods with stock, and a strategy that lets every order pass. */
async function seed(store: Store): Promise<void> {
  const put = (key: { pk: string; sk: string }, value: object) => store.put({ key, expect: 0, value });
  await put(keys.shop(SHOP_ID), { ...SHOP, id: SHOP_ID, channel: 'doudian', platformShopId: '4463798' });
  await put(keys.sku(STOCK.skuId), { id: STOCK.skuId, title: 'IB蓝牙玩具耳机2代', version: 1 });
  const balance = { onHandQty: 10, heldQty: 0 };
  await put(keys.ledgerEntry(STOCK, 1), { number: 1, movements: [], balance, atMs: 0 });
  const limits = { buyerMemo: 'any', sellerMemo: 'any', amountFenMax: null, quantityMax: null };
  await put(keys.auditStrategy('all'), {
    ...{ id: 'all', name: '自动审核', enabled: true, shopIds: [], priority: 0, version: 1, spreadPending: false },
    limits: { ...limits, minutesSincePayment: 0 },
  });
}

const traceOf = (event: string, orderNo: string): unknown =>
  lines.of(event).find((line) => line['orderNo'] === orderNo || line['deliveryOrderId'] === `${SHOP_ID}#${orderNo}`)?.[
    'traceId'
  ];

it("follows an order from the platform's push through conversion to its audit by one trace id", () => {
  for (const event of ['order.stored', 'order.converted', 'order.audited'])
    expect([event, traceOf(event, ORDER_NOS[0])]).toEqual([event, TRACE_ID]);
});

it('tells orders apart whose pushes came without a trace', () => {
  const begun = ORDER_NOS.slice(1).map((orderNo) => traceOf('order.stored', orderNo));
  expect(new Set([TRACE_ID, ...begun]).size).toBe(3);
  for (const event of ['order.converted', 'order.audited'])
    expect(ORDER_NOS.slice(1).map((orderNo) => traceOf(event, orderNo))).toEqual(begun);
});

it('names the call and the function of each line, and no buyer', () => {
  const told = lines.all().map((line) => [line['event'], line['function'], typeof line['requestId']]);
  expect(told).toContainEqual(['order.stored', 'order-ingestion', 'string']);
  expect(told).toContainEqual(['order.converted', 'document-conversion', 'string']);
  expect(told).toContainEqual(['order.audited', 'auto-audit', 'string']);
  expect(new Set(lines.of('order.stored').map((line) => line['requestId'])).size).toBe(3);
  for (const personal of ['李**', '139****0000', '五常街道']) {
    expect(ORDER).toContain(personal);
    expect(lines.text()).not.toContain(personal);
  }
});
