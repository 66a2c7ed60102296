import { until } from '../../infra/local/demo/api';
import { SAMPLE } from '../../infra/local/demo/sample-brand';
import { SAMPLE_SHOPS } from '../../infra/local/host/data-folder';
import type { ApiUser } from '../../shared/secrets';
import { LocalWorld } from './local-world';
import type { Answer } from './raw-http';
import { paidMessage, push, send, signed } from './raw-http';
import type { Goods, Purchase } from './steps';
import {
  act,
  auditEverything,
  buy,
  countOf,
  deliveryOrder,
  documents,
  newListing,
  offer,
  onPlatform,
  putListing,
  receive,
  stockOf,
  untilConversion,
  untilIdle,
  untilStatus,
} from './steps';

jest.setTimeout(60_000);

// What people, platforms and attackers may send and must not: a coded answer, and nothing changed.

const USERS: Record<'viewer' | 'operator' | 'strategist', ApiUser> = {
  viewer: { token: 'token-of-the-viewer', id: 'v', name: '查看', role: 'viewer' },
  operator: { token: 'token-of-the-operator', id: 'o', name: '运营', role: 'operator' },
  strategist: { token: 'token-of-the-strategist', id: 's', name: '策略', role: 'strategist' },
};

const { sourceWarehouse: SOURCE, distributionWarehouse: TARGET } = SAMPLE;

let world: LocalWorld;
let goods: Goods;
let adminToken = '';

beforeAll(async () => {
  world = await LocalWorld.start({ users: Object.values(USERS) });
  adminToken = world.secrets.users[0]?.token ?? '';
  goods = await offer(world, 'BAD-1', { shown: 100, onHand: 10 });
  await auditEverything(world);
  await until('the strategy has been offered to all orders', 10_000, async () => {
    const { rows } = await world.host.get<{ rows: { spreadPending: boolean }[] }>('/api/audit-strategies');
    return rows.every(({ spreadPending }) => !spreadPending);
  });
}, 60_000);

afterAll(() => world.close());

/** A call of the API with a body as text or as a value. */
function api(method: string, path: string, body?: unknown, token = adminToken): Promise<Answer> {
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  return send(method, `${world.hostUrl}${path}`, { token, ...(text !== undefined && { text }) });
}

/** Expects a refusal in both languages that left every stored document as it was. */
async function expectRefused(
  call: () => Promise<Answer>,
  status: number,
  code: string,
  facts: object = {},
): Promise<Answer> {
  await untilIdle(world);
  const before = await documents(world);
  const answer = await call();
  expect(answer).toMatchObject({ status, body: { code, facts } });
  expect(answer.body['message']).toMatch(/\p{Script=Han}/u);
  expect(answer.body['messageEn']).toMatch(/^[ -~]+$/);
  expect(await documents(world)).toEqual(before);
  return answer;
}

describe('pushes of a platform', () => {
  const quarantined = async (text: string): Promise<{ id: string; reason: string } | undefined> => {
    const { rows } = await world.host.get<{ rows: { id: string; text: string; reason: string }[] }>(
      '/api/quarantine?limit=200',
    );
    return rows.find((row) => row.text === text);
  };
  const accepted = { status: 200, body: { code: 0, msg: 'success' } };

  it.each([
    ['a signature that is wrong', { 'event-sign': '0123456789abcdef0123456789abcdef' }],
    ['a signature of another length', { 'event-sign': 'abc' }],
    ['no signature', { 'event-sign': '' }],
    ["another app's key", { 'app-id': '1' }],
  ])('%s: 401, nothing stored, counted', async (_, headers) => {
    const body = paidMessage('6900000000000000001');
    const before = await countOf(world, 'webhook.bad-signature');
    await expectRefused(() => push(world, body, { ...signed(world, body), ...headers }), 401, 'BAD_SIGNATURE', {
      shopId: SAMPLE_SHOPS.doudian,
    });
    expect(await countOf(world, 'webhook.bad-signature')).toBe(before + 1);
  });

  it('no signature headers at all: 401', async () => {
    await expectRefused(() => push(world, paidMessage('6900000000000000001'), {}), 401, 'BAD_SIGNATURE');
  });

  it('a signature of another body: 401', async () => {
    const headers = signed(world, paidMessage('6900000000000000001'));
    await expectRefused(() => push(world, paidMessage('6900000000000000002'), headers), 401, 'BAD_SIGNATURE');
  });

  it('a push sent again changes nothing: the protocol carries no time, so only this makes a replay harmless', async () => {
    const purchase = await buy(world, [{ listing: goods.doudian, quantity: 1 }]);
    await untilStatus(world, purchase, 'audited');
    const replayed = paidMessage(purchase.orderNo);
    await untilIdle(world);
    const before = await documents(world);
    for (let i = 0; i < 3; i += 1) expect(await push(world, replayed)).toEqual(accepted);
    await untilIdle(world);
    expect(await documents(world)).toEqual(before);
    expect((await stockOf(world, goods.skuId)).heldQty).toBe(1);
  });

  it('a body over the limit: 413, whatever its signature', async () => {
    const large = `[${' '.repeat(256 * 1024)}]`;
    await expectRefused(() => push(world, large), 413, 'BODY_TOO_LARGE', { bytesMax: 256 * 1024 });
    await expectRefused(() => push(world, large, {}), 413, 'BODY_TOO_LARGE');
    const larger = `[${' '.repeat(6 * 1024 * 1024)}]`;
    await expectRefused(() => push(world, larger), 413, 'BODY_TOO_LARGE');
  });

  it.each([
    ['not JSON', '不是 JSON', 'not JSON'],
    ['an object', '{"tag":"101"}', 'not an array'],
    ['a message without data', '[{"tag":"101"}]', 'without tag or data'],
    ['data that is not JSON', '[{"tag":"101","data":"{"}]', 'data of tag 101 is not JSON'],
    ['an order number of another kind', '[{"tag":"101","data":"{\\"p_id\\":{}}"}]', 'data of tag 101'],
    ['an empty message', '[{}]', 'without tag or data'],
    ['a message that is none', '[null]', 'without tag or data'],
    ['data that is a list', '[{"tag":"101","data":"[]"}]', 'data of tag 101'],
    ['arrays in arrays without end', '['.repeat(50_000), 'not JSON'],
    ["another shop's message", paidMessage('6900000000000000003', '999'), 'shop 999'],
  ])('%s: kept in quarantine with the reason, acknowledged only if the signature is right', async (_, body, reason) => {
    await expectRefused(() => push(world, body, { ...signed(world, body), 'event-sign': 'x' }), 401, 'BAD_SIGNATURE');
    expect(await quarantined(body)).toBeUndefined();
    expect(await push(world, body)).toEqual(accepted);
    expect((await quarantined(body))?.reason).toContain(reason);
  });

  it('an order that the platform does not know: kept in quarantine, acknowledged', async () => {
    expect(await push(world, paidMessage('6900000000000000009'))).toEqual(accepted);
    const item = await quarantined('6900000000000000009');
    expect(item?.reason).toContain('does not know');
    const path = `/api/quarantine/${SAMPLE_SHOPS.doudian}/${item?.id ?? ''}/read-again`;
    expect(await api('POST', path, {}, USERS.operator.token)).toMatchObject({ status: 200, body: { takenOut: false } });
    await expectRefused(() => api('POST', path, {}, USERS.viewer.token), 403, 'FORBIDDEN');
    await expectRefused(() => api('POST', path.replace(item?.id ?? '', 'nothing')), 404, 'NOT_FOUND');
    await expectRefused(() => api('POST', path.replace(SAMPLE_SHOPS.doudian, 'nobody')), 404, 'UNKNOWN_SHOP');
  });

  it('an unknown shop, and a shop that has no pushes: 404 with the shop id', async () => {
    const to = (path: string) => () => send('POST', `${world.hostUrl}/webhooks/${path}`, { text: '[]' });
    await expectRefused(to('doudian/nobody'), 404, 'UNKNOWN_SHOP', { shopId: 'nobody' });
    await expectRefused(to('doudian/a%23b'), 404, 'UNKNOWN_SHOP', { shopId: 'a#b' });
    await expectRefused(to(`taobao/${SAMPLE_SHOPS.tmall}`), 404, 'UNKNOWN_SHOP', { shopId: SAMPLE_SHOPS.tmall });
    await expectRefused(to(`taobao/${SAMPLE_SHOPS.doudian}`), 404, 'UNKNOWN_SHOP', { shopId: SAMPLE_SHOPS.doudian });
  });

  it('an address that is none: 404', async () => {
    const at =
      (path: string, method = 'POST') =>
      () =>
        send(method, `${world.hostUrl}${path}`, method === 'POST' ? { text: '[]' } : {});
    await expectRefused(at('/webhooks/doudian'), 404, 'NOT_FOUND');
    await expectRefused(at('/webhooks/doudian/%zz'), 404, 'NOT_FOUND');
    await expectRefused(at(`/webhooks/doudian/${SAMPLE_SHOPS.doudian}/more`), 404, 'NOT_FOUND');
    await expectRefused(at(`/webhooks/doudian/${SAMPLE_SHOPS.doudian}`, 'GET'), 404, 'NOT_FOUND');
  });
});

describe('items that are no SKU of ours', () => {
  const unmapped = async (itemId: string): Promise<{ version: number; merchantCode: string } | undefined> => {
    const path = `/api/mappings?shopId=${SAMPLE_SHOPS.tmall}&unmapped=true&limit=200`;
    const { rows } = await world.host.get<{ rows: { itemId: string; version: number; merchantCode: string }[] }>(path);
    return rows.find((row) => row.itemId === itemId);
  };

  it('parks the order; saving the mapping by hand revives exactly this one', async () => {
    const [listing, other] = [newListing(SAMPLE_SHOPS.tmall), newListing(SAMPLE_SHOPS.tmall)];
    await putListing(world, listing, { merchantCode: 'NO-SUCH-SKU', stockQty: 5 });
    await putListing(world, other, { merchantCode: 'NO-SUCH-SKU-EITHER', stockQty: 5 });
    const purchase = await buy(world, [{ listing, quantity: 2 }]);
    const waiting = await buy(world, [{ listing: other, quantity: 1 }]);
    await untilConversion(world, purchase, 'unmapped');
    await untilConversion(world, waiting, 'unmapped');
    expect(await deliveryOrder(world, purchase)).toBeUndefined();

    const { shopId, itemId, skuId: platformSkuId } = listing;
    const { version } = (await unmapped(itemId)) ?? { version: -1 };
    const body = { shopId, itemId, platformSkuId, skuId: goods.skuId, version };
    await expectRefused(() => api('PUT', '/api/mappings', { ...body, skuId: 'NO-SUCH-SKU' }), 422, 'UNKNOWN_SKU');
    await expectRefused(() => api('PUT', '/api/mappings', { ...body, shopId: 'nobody' }), 404, 'UNKNOWN_SHOP');
    expect(await api('PUT', '/api/mappings', body)).toMatchObject({ status: 200, body: { revived: 1 } });

    const order = await untilStatus(world, purchase, 'audited');
    expect(order.holds).toMatchObject([{ skuId: goods.skuId, heldQty: 2 }]);
    expect(await unmapped(itemId)).toBeUndefined();
    await untilConversion(world, waiting, 'unmapped');
  });

  it('parks the order; creating the SKU whose id is the merchant code revives it', async () => {
    const listing = newListing(SAMPLE_SHOPS.tmall);
    await putListing(world, listing, { merchantCode: 'COMES-LATER', stockQty: 5 });
    const purchase = await buy(world, [{ listing, quantity: 1 }]);
    await untilConversion(world, purchase, 'unmapped');
    const created = await api('POST', '/api/skus', { skus: [{ id: 'COMES-LATER', title: '后建的商品' }] });
    expect(created).toMatchObject({ status: 200, body: { created: 1, mapped: 1 } });
    await untilStatus(world, purchase, 'out-of-stock');
    await receive(world, 'COMES-LATER', 1);
    await untilStatus(world, purchase, 'audited');
  });
});

describe('the API', () => {
  it('asks who calls: 401 without a token, with a wrong one, with another scheme', async () => {
    const shops = `${world.hostUrl}/api/shops`;
    await expectRefused(() => send('GET', shops), 401, 'UNAUTHENTICATED');
    await expectRefused(() => send('GET', shops, { token: 'wrong' }), 401, 'UNAUTHENTICATED');
    await expectRefused(() => send('GET', shops, { token: '' }), 401, 'UNAUTHENTICATED');
    const headers = { authorization: `Basic ${adminToken}` };
    await expectRefused(() => send('GET', shops, { headers }), 401, 'UNAUTHENTICATED');
    const convert = `${world.hostUrl}/api/conversions`;
    await expectRefused(() => send('POST', convert, { text: '{' }), 401, 'UNAUTHENTICATED');
  });

  it.each([
    ['viewer', 'POST', '/api/stock-entries', 'operator'],
    ['viewer', 'PUT', '/api/allocation-orders/FH-1', 'operator'],
    ['viewer', 'POST', '/api/conversions', 'operator'],
    ['viewer', 'POST', '/api/delivery-orders/tmall-main/1/audit', 'operator'],
    ['operator', 'PUT', '/api/ratio-strategies/r', 'strategist'],
    ['operator', 'PUT', '/api/audit-strategies/auto', 'strategist'],
    ['operator', 'PUT', '/api/shop-strategies/tmall-main', 'strategist'],
    ['strategist', 'PUT', '/api/shops/tmall-main', 'admin'],
    ['strategist', 'PUT', '/api/warehouses/ZC', 'admin'],
    ['strategist', 'POST', '/api/skus', 'admin'],
  ] as const)('a %s may not %s %s: 403 before anything is read', async (role, method, path, needed) => {
    // Not even JSON: who may not call learns nothing of the schema.
    await expectRefused(() => api(method, path, '{', USERS[role].token), 403, 'FORBIDDEN', { role, needed });
  });

  it('lets a role do what it may', async () => {
    expect((await api('GET', '/api/shops', undefined, USERS.viewer.token)).status).toBe(200);
    const retry = { skuIds: [goods.skuId] };
    expect((await api('POST', '/api/sync-queue/retry', retry, USERS.operator.token)).status).toBe(200);
  });

  it('knows its addresses: 404 for others', async () => {
    await expectRefused(() => api('GET', '/api/nothing'), 404, 'NOT_FOUND');
    await expectRefused(() => api('DELETE', '/api/shops/tmall-main'), 404, 'NOT_FOUND');
    await expectRefused(() => api('GET', '/api/shops/'), 404, 'NOT_FOUND');
    await expectRefused(() => api('POST', '/nothing'), 404, 'NOT_FOUND');
    await expectRefused(() => api('POST', '//'), 404, 'NOT_FOUND');
    await expectRefused(() => api('GET', '/api/delivery-orders/tmall-main/1'), 404, 'NOT_FOUND');
    await expectRefused(() => api('POST', '/api/delivery-orders/tmall-main/1/audit'), 404, 'NOT_FOUND');
    await expectRefused(() => api('GET', '/api/allocation-orders/none'), 404, 'NOT_FOUND');
  });

  it('reads JSON of the schema only: 400 that names the members', async () => {
    await expectRefused(() => api('POST', '/api/skus', '{"skus":'), 400, 'BAD_JSON');
    await expectRefused(() => api('POST', '/api/skus', ''), 400, 'BAD_JSON');
    await expectRefused(() => api('POST', '/api/conversions', 'x'), 400, 'BAD_JSON');
    await expectRefused(() => api('POST', '/api/skus', 'null'), 400, 'BAD_INPUT');
    const { body } = await expectRefused(() => api('POST', '/api/skus', { skus: [{ id: 'A' }] }), 400, 'BAD_INPUT');
    expect(JSON.stringify(body['facts'])).toContain('skus.0.title');
    await expectRefused(() => api('POST', '/api/skus', { skus: [] }), 400, 'BAD_INPUT');
    await expectRefused(() => api('POST', '/api/conversions', { orders: [] }), 400, 'BAD_INPUT');
    await expectRefused(() => api('GET', '/api/skus?limit=0'), 400, 'BAD_INPUT');
    await expectRefused(() => api('GET', '/api/skus?limit=1000000'), 400, 'BAD_INPUT');
    await expectRefused(() => api('GET', '/api/delivery-orders?shopid=tmall-main'), 400, 'BAD_INPUT');
    await expectRefused(() => api('GET', '/api/sync-queue?fromMs=yesterday'), 400, 'BAD_INPUT');
    await expectRefused(() => api('GET', '/api/stock?after=zzz'), 400, 'BAD_INPUT');
    await expectRefused(() => api('GET', '/api/platform-orders?shopId=nowhere'), 404, 'UNKNOWN_SHOP');
    await expectRefused(() => api('GET', '/api/delivery-orders?shopId=tmall-main&status=x'), 400, 'BAD_INPUT');
  });

  it('takes no body over its limit: 413', async () => {
    const text = ' '.repeat(1024 * 1024 + 1);
    await expectRefused(() => api('POST', '/api/skus', text), 413, 'BODY_TOO_LARGE', { bytesMax: 1024 * 1024 });
    await expectRefused(() => api('POST', '/api/conversions', text), 413, 'BODY_TOO_LARGE');
    await expectRefused(() => api('POST', '/api/skus', ' '.repeat(7 * 1024 * 1024)), 413, 'BODY_TOO_LARGE');
  });

  it.each(['a#b', 'a/b', '', ' a', 'a\nb', 'x'.repeat(81)])(
    'takes no id %j: parts of keys are separated by # and /',
    async (id) => {
      const at = encodeURIComponent(id);
      const sku = { skus: [{ id, title: 'x' }] };
      await expectRefused(() => api('POST', '/api/skus', sku), 400, 'BAD_INPUT');
      const entry = { id, type: 'receipt', warehouseId: SOURCE, lines: [{ skuId: goods.skuId, qty: 1 }] };
      await expectRefused(() => api('POST', '/api/stock-entries', entry), 400, 'BAD_INPUT');
      // An empty id in a path is another address.
      const [status, code] = id === '' ? ([404, 'NOT_FOUND'] as const) : ([400, 'BAD_INPUT'] as const);
      const warehouse = { title: 'x', kind: 'source', version: 0 };
      await expectRefused(() => api('PUT', `/api/warehouses/${at}`, warehouse), status, code);
      await expectRefused(() => api('GET', `/api/stock/${SOURCE}/${at}`), status, code);
      await expectRefused(
        () => api('GET', `/api/delivery-orders/${SAMPLE_SHOPS.tmall}/${at}`),
        id === '' ? 404 : 400,
        code,
      );
    },
  );
});

describe('junk', () => {
  const JUNK = ['null', 'true', '-1', '1e400', '""', '[]', '[null]', '{}', '{"__proto__":1}', '['.repeat(50_000)];

  it('sent to any address of the API is refused with a code and changes nothing', async () => {
    const { paths } = await world.host.get<{ paths: Record<string, object> }>('/api/openapi.json');
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => ({ method, path })),
    );
    // To log out is no more than to be nobody: whoever sends what.
    const bodies = routes.filter(({ method }) => method !== 'get' && method !== 'delete');
    expect(bodies.length).toBeGreaterThan(15);
    await untilIdle(world);
    const before = await documents(world);
    const answers: string[] = [];
    for (const { method, path } of bodies) {
      for (const text of JUNK) {
        // An order, shop or document that there is not, under an id that may be one.
        const { status, body } = await api(method.toUpperCase(), path.replaceAll(/\{[^}]+\}/g, 'nothing'), text);
        const refused =
          status >= 400 && status < 500 && typeof body['code'] === 'string' && body['code'] !== 'INTERNAL';
        if (!refused) answers.push(`${method} ${path} ${text.slice(0, 20)}: ${status} ${JSON.stringify(body)}`);
      }
    }
    for (const { path } of routes.filter(({ method }) => method === 'get')) {
      for (const id of ['%00', '%ff', '%F0%9F%98%80', '..%2f..', '__proto__', 'x'.repeat(3_000)]) {
        for (const query of ['', '?limit=NaN', '?after=%00', '?shopId=__proto__&after=zzz&limit=200', '?%zz=1']) {
          const { status, body } = await api('GET', `${path.replaceAll(/\{[^}]+\}/g, id)}${query}`);
          if (status >= 500) answers.push(`${path} ${id.slice(0, 20)} ${query}: ${JSON.stringify(body)}`);
        }
      }
    }
    expect(answers).toEqual([]);
    expect(await documents(world)).toEqual(before);
    // About a thousand requests, one after the other.
  }, 240_000);
});

describe('quantities and ratios', () => {
  const entry = (type: string, qty: unknown) => () =>
    api('POST', '/api/stock-entries', {
      id: 'RK-bad',
      type,
      warehouseId: SOURCE,
      lines: [{ skuId: goods.skuId, qty }],
    });
  const order =
    (qty: unknown, more: object = {}) =>
    () =>
      api('PUT', '/api/allocation-orders/FH-bad', {
        ...{ sourceWarehouseId: SOURCE, targetWarehouseId: TARGET, lines: [{ skuId: goods.skuId, qty }], version: 0 },
        ...more,
      });
  const strategy =
    (ratioBp: unknown, more: object = {}) =>
    () =>
      api('PUT', '/api/ratio-strategies/bad', {
        ...{
          name: 'x',
          enabled: true,
          shopIds: [SAMPLE_SHOPS.tmall],
          skuIds: null,
          warehouseIds: [TARGET],
          version: 0,
        },
        ...{ ratioBp, ...more },
      });

  it.each([-1, 0, 1.5, 1_000_001, 2 ** 53, 1e300, '1', null, undefined, true])(
    'a receipt of %p pieces: 400',
    async (qty) => {
      await expectRefused(entry('receipt', qty), 400, 'BAD_INPUT');
    },
  );

  it.each([0, 0.5, -1_000_001, 1_000_001])('an adjustment by %p pieces: 400', async (qty) => {
    await expectRefused(entry('adjustment', qty), 400, 'BAD_INPUT');
  });

  it.each([-1, 0, 1.5, 1_000_001])('an allocation of %p pieces: 400', async (qty) => {
    await expectRefused(order(qty), 400, 'BAD_INPUT');
  });

  it.each([-1, 100_001, 60.5, '60', null])(
    'a ratio of %p basis points: 400; 0 to 1000 %% are allowed',
    async (ratioBp) => {
      await expectRefused(strategy(ratioBp), 400, 'BAD_INPUT');
      const exception = { enabled: true, ratioBp, version: 0 };
      const path = `/api/ratio-exceptions/${goods.skuId}/${SAMPLE_SHOPS.tmall}`;
      await expectRefused(() => api('PUT', path, exception), 400, 'BAD_INPUT');
    },
  );

  it('a strategy that ends before it begins: 400', async () => {
    await expectRefused(strategy(5_000, { validFromMs: 2, validToMs: 1 }), 400, 'BAD_INPUT');
  });

  it('reserve and cap of a shop below zero: 400', async () => {
    const save = (more: object) => () =>
      api('PUT', `/api/shop-strategies/${SAMPLE_SHOPS.tmall}`, { stockSyncEnabled: false, version: 0, ...more });
    await expectRefused(save({ reserveQty: -1 }), 400, 'BAD_INPUT');
    await expectRefused(save({ maxQty: -1 }), 400, 'BAD_INPUT');
  });

  it('an unknown SKU, warehouse or shop, a warehouse of the other kind', async () => {
    const lines = [{ skuId: 'NO-SUCH-SKU', qty: 1 }];
    await expectRefused(order(1, { lines }), 422, 'UNKNOWN_SKU', { skuIds: ['NO-SUCH-SKU'] });
    const receipt = { id: 'RK-bad', type: 'receipt', warehouseId: SOURCE, lines };
    await expectRefused(() => api('POST', '/api/stock-entries', receipt), 422, 'UNKNOWN_SKU');
    await expectRefused(order(1, { sourceWarehouseId: 'NO' }), 422, 'UNKNOWN_WAREHOUSE', { warehouseId: 'NO' });
    await expectRefused(order(1, { targetWarehouseId: 'NO' }), 422, 'UNKNOWN_WAREHOUSE');
    await expectRefused(order(1, { sourceWarehouseId: TARGET }), 422, 'WRONG_WAREHOUSE_KIND');
    await expectRefused(order(1, { targetWarehouseId: SOURCE }), 422, 'WRONG_WAREHOUSE_KIND');
    await expectRefused(strategy(1, { warehouseIds: [SOURCE] }), 422, 'WRONG_WAREHOUSE_KIND');
    await expectRefused(strategy(1, { warehouseIds: ['NO'] }), 422, 'UNKNOWN_WAREHOUSE');
    await expectRefused(strategy(1, { skuIds: ['NO-SUCH-SKU'] }), 422, 'UNKNOWN_SKU');
    await expectRefused(strategy(1, { shopIds: ['nobody'] }), 404, 'UNKNOWN_SHOP', { shopId: 'nobody' });
    await expectRefused(() => api('GET', `/api/stock/NO/${goods.skuId}`), 422, 'UNKNOWN_WAREHOUSE');
    await expectRefused(() => api('GET', `/api/stock/${SOURCE}/NO-SUCH-SKU`), 422, 'UNKNOWN_SKU');
    await expectRefused(() => api('POST', '/api/sync-queue/retry', { skuIds: ['NO'] }), 422, 'UNKNOWN_SKU');
    await expectRefused(() => api('POST', '/api/shops/nobody/download-items'), 404, 'UNKNOWN_SHOP');
  });
});

describe('stock documents', () => {
  const save = (id: string, lines: readonly { skuId: string; qty: number }[], version = 0) =>
    api('PUT', `/api/allocation-orders/${id}`, {
      sourceWarehouseId: SOURCE,
      targetWarehouseId: TARGET,
      lines,
      version,
    });
  const audit = (id: string) => api('POST', `/api/allocation-orders/${id}/audit`);
  const receipt = (id: string, skuId: string, qty: number, type = 'receipt', warehouseId: string = SOURCE) =>
    api('POST', '/api/stock-entries', { id, type, warehouseId, lines: [{ skuId, qty }] });

  it('an allocation order is audited once', async () => {
    await offer(world, 'ONCE', { shown: 0, onHand: 0 });
    await receipt('RK-once', 'ONCE', 10);
    await save('FH-once', [{ skuId: 'ONCE', qty: 4 }]);
    const audited = await audit('FH-once');
    expect(audited).toMatchObject({ status: 200, body: { status: 'audited', statusText: '已审核' } });
    await expectRefused(() => audit('FH-once'), 409, 'WRONG_STATUS', { status: 'audited' });
    const { version } = audited.body;
    await expectRefused(() => save('FH-once', [{ skuId: 'ONCE', qty: 9 }], Number(version)), 409, 'WRONG_STATUS');
    expect(await stockOf(world, 'ONCE', SOURCE)).toEqual({ onHandQty: 6, heldQty: 0 });
    expect(await stockOf(world, 'ONCE')).toEqual({ onHandQty: 4, heldQty: 0 });
  });

  it('an allocation order that somebody changed since it was read is not audited', async () => {
    const read = await save('FH-changed', [{ skuId: goods.skuId, qty: 1 }]);
    await save('FH-changed', [{ skuId: goods.skuId, qty: 2 }], Number(read.body['version']));
    const auditAt = (version: unknown) =>
      api('POST', `/api/allocation-orders/FH-changed/audit?version=${String(version)}`);
    const facts = { readVersion: 1, presentVersion: 2 };
    await expectRefused(() => auditAt(read.body['version']), 409, 'VERSION_CONFLICT', facts);
    await expectRefused(() => auditAt('x'), 400, 'BAD_INPUT');
    expect((await api('GET', '/api/allocation-orders/FH-changed')).body).toMatchObject({ status: 'saved', version: 2 });
  });

  it('audited by ten people at once, it moves its stock once', async () => {
    await offer(world, 'TEN', { shown: 0, onHand: 0 });
    await receipt('RK-ten', 'TEN', 10);
    await save('FH-ten', [{ skuId: 'TEN', qty: 1 }]);
    const answers = await Promise.all(Array.from({ length: 10 }, () => audit('FH-ten')));
    const codes = answers.map(({ status, body }) => (status === 200 ? 'audited' : body['code']));
    expect(codes.sort()).toEqual([...Array.from({ length: 9 }, () => 'WRONG_STATUS'), 'audited']);
    expect(await stockOf(world, 'TEN', SOURCE)).toEqual({ onHandQty: 9, heldQty: 0 });
    expect(await stockOf(world, 'TEN')).toEqual({ onHandQty: 1, heldQty: 0 });
  });

  it('an empty one and a draft are not audited', async () => {
    await save('FH-empty', []);
    await expectRefused(() => audit('FH-empty'), 422, 'EMPTY_DOCUMENT', { id: 'FH-empty' });
    const lines = [{ skuId: goods.skuId, qty: 1 }];
    const draft = { sourceWarehouseId: SOURCE, targetWarehouseId: TARGET, lines, draft: true, version: 0 };
    expect(await api('PUT', '/api/allocation-orders/FH-draft', draft)).toMatchObject({
      status: 200,
      body: { status: 'draft' },
    });
    await expectRefused(() => audit('FH-draft'), 409, 'WRONG_STATUS', { status: 'draft' });
    await expectRefused(() => audit('FH-none'), 404, 'NOT_FOUND', { allocationOrder: 'FH-none' });
    const empty = { id: 'RK-empty', type: 'receipt', warehouseId: SOURCE, lines: [] };
    await expectRefused(() => api('POST', '/api/stock-entries', empty), 422, 'EMPTY_DOCUMENT');
  });

  it('one that lacks stock is refused, names the SKUs, and holds nothing afterwards', async () => {
    await offer(world, 'PLENTY', { shown: 0, onHand: 0 });
    await offer(world, 'SCARCE', { shown: 0, onHand: 0 });
    await receipt('RK-plenty', 'PLENTY', 100);
    await receipt('RK-scarce', 'SCARCE', 3);
    // Two lines of one SKU are one demand: 2 + 2 of 3.
    const lines = [
      { skuId: 'PLENTY', qty: 50 },
      { skuId: 'SCARCE', qty: 2 },
      { skuId: 'SCARCE', qty: 2 },
    ];
    await save('FH-lack', lines);
    const refused = {
      status: 422,
      body: { code: 'LACK_OF_STOCK', facts: { skuIds: ['SCARCE'], warehouseId: SOURCE } },
    };
    expect(await audit('FH-lack')).toMatchObject(refused);
    expect(await stockOf(world, 'PLENTY', SOURCE)).toEqual({ onHandQty: 100, heldQty: 0 });
    expect(await stockOf(world, 'SCARCE', SOURCE)).toEqual({ onHandQty: 3, heldQty: 0 });
    expect(await stockOf(world, 'PLENTY')).toEqual({ onHandQty: 0, heldQty: 0 });
    expect(await api('GET', '/api/allocation-orders/FH-lack')).toMatchObject({
      body: { status: 'saved', lacking: ['SCARCE'] },
    });
    // Once the stock has come in, the same order passes.
    await receipt('RK-scarce-2', 'SCARCE', 1);
    expect(await audit('FH-lack')).toMatchObject({ status: 200, body: { status: 'audited' } });
    expect(await stockOf(world, 'SCARCE')).toEqual({ onHandQty: 4, heldQty: 0 });
  });

  it('an adjustment takes nothing that orders hold', async () => {
    const held = await offer(world, 'HELD', { shown: 5, onHand: 5 });
    await untilStatus(world, await buy(world, [{ listing: held.tmall, quantity: 3 }]), 'audited');
    const answer = await receipt('TZ-held', 'HELD', -3, 'adjustment', TARGET);
    expect(answer).toMatchObject({ status: 422, body: { code: 'LACK_OF_STOCK', facts: { skuIds: ['HELD'] } } });
    expect(await stockOf(world, 'HELD')).toEqual({ onHandQty: 5, heldQty: 3 });
    expect(await receipt('TZ-held-2', 'HELD', -2, 'adjustment', TARGET)).toMatchObject({ status: 201 });
    expect(await stockOf(world, 'HELD')).toEqual({ onHandQty: 3, heldQty: 3 });
    // Refused for good under its id, even when the pieces are there again.
    await receive(world, 'HELD', 10);
    expect(await receipt('TZ-held', 'HELD', -3, 'adjustment', TARGET)).toMatchObject({ status: 422 });
    expect(await stockOf(world, 'HELD')).toEqual({ onHandQty: 13, heldQty: 3 });
  });

  it('a stock entry sent again is posted once; another under its id is refused', async () => {
    await offer(world, 'AGAIN', { shown: 0, onHand: 0 });
    for (let i = 0; i < 3; i += 1) {
      expect(await receipt('RK-again', 'AGAIN', 7)).toMatchObject({ status: 201, body: { status: 'posted' } });
    }
    const racing = await Promise.all(Array.from({ length: 5 }, () => receipt('RK-racing', 'AGAIN', 2)));
    expect(racing.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
    expect(await stockOf(world, 'AGAIN', SOURCE)).toEqual({ onHandQty: 9, heldQty: 0 });
    await expectRefused(() => receipt('RK-again', 'AGAIN', 8), 409, 'ALREADY_EXISTS', { stockEntry: 'RK-again' });
    await expectRefused(() => receipt('RK-again', 'AGAIN', 7, 'adjustment'), 409, 'ALREADY_EXISTS');
    await expectRefused(() => receipt('RK-again', 'AGAIN', 7, 'receipt', TARGET), 409, 'ALREADY_EXISTS');
  });
});

describe('orders', () => {
  const convert = ({ shopId, orderNo }: Purchase) => api('POST', '/api/conversions', { orders: [{ shopId, orderNo }] });

  it('a closed order is not converted; a closed one in a batch is one result of many', async () => {
    const closed = await buy(world, [{ listing: goods.tmall, quantity: 1 }], { pay: false });
    await untilStatus(world, closed, 'pending-audit');
    await onPlatform(world, closed, 'cancel');
    await untilConversion(world, closed, 'closed');
    await untilStatus(world, closed, 'cancelled');
    await until(
      'its pieces are free',
      10_000,
      async () => (await deliveryOrder(world, closed))?.holds[0]?.heldQty === 0,
    );
    const before = await deliveryOrder(world, closed);
    expect(await convert(closed)).toMatchObject({
      status: 422,
      body: { code: 'ORDER_CLOSED', facts: { orderNo: closed.orderNo } },
    });
    expect(await deliveryOrder(world, closed)).toEqual(before);
    const unknown = { shopId: SAMPLE_SHOPS.tmall, orderNo: '1' };
    const batch = await api('POST', '/api/conversions', { orders: [closed, unknown] });
    expect(batch).toMatchObject({
      status: 200,
      body: { results: [{ code: 'ORDER_CLOSED', messageEn: 'the platform order is closed' }, { code: 'NOT_FOUND' }] },
    });
  });

  it('an order or a shop that is not there: 404', async () => {
    await expectRefused(() => convert({ shopId: 'nobody', orderNo: '1' }), 404, 'UNKNOWN_SHOP', { shopId: 'nobody' });
    await expectRefused(() => convert({ shopId: SAMPLE_SHOPS.tmall, orderNo: '1' }), 404, 'NOT_FOUND');
    await expectRefused(() => convert({ shopId: SAMPLE_SHOPS.tmall, orderNo: 'a#b' }), 404, 'NOT_FOUND');
  });

  it('an order takes only the steps that its status allows: 409', async () => {
    const purchase = await buy(world, [{ listing: goods.tmall, quantity: 1 }], { pay: false });
    await untilStatus(world, purchase, 'pending-audit');
    const at =
      (action: string, body: object = {}) =>
      () =>
        api('POST', `/api/delivery-orders/${purchase.shopId}/${purchase.orderNo}/${action}`, body);
    for (const action of ['pick', 'ship', 'resume']) {
      await expectRefused(at(action), 409, 'WRONG_STATUS', { status: 'pending-audit', action });
    }
    // The hard rules bind people, too.
    const { body } = await expectRefused(at('audit'), 422, 'AUDIT_REFUSED');
    expect(body['facts']).toMatchObject({ reasons: [{ rule: 'paid' }] });
    await expectRefused(at('cancel'), 400, 'BAD_INPUT');
    await expectRefused(at('cancel', { reason: ' ' }), 400, 'BAD_INPUT');
    await act(world, purchase, 'cancel', { reason: '重复下单' });
    for (const action of ['audit', 'pick', 'ship', 'resume', 'cancel']) {
      await expectRefused(at(action, { reason: 'x' }), 409, 'WRONG_STATUS', { status: 'cancelled' });
    }
  });
});

describe('two people who save the same document', () => {
  it('the second gets 409 with what changed, and nothing is overwritten', async () => {
    const path = '/api/ratio-strategies/both';
    const mine = {
      name: '我的',
      enabled: true,
      shopIds: [SAMPLE_SHOPS.tmall],
      skuIds: null,
      warehouseIds: [TARGET],
      ratioBp: 5_000,
    };
    expect(await api('PUT', path, { ...mine, version: 0 })).toMatchObject({ status: 200, body: { version: 1 } });
    expect(await api('PUT', path, { ...mine, ratioBp: 6_000, version: 1 })).toMatchObject({
      status: 200,
      body: { version: 2 },
    });
    await until('the strategy has been carried to its shop', 10_000, async () => {
      const { rows } = await world.host.get<{ rows: { id: string; resync: unknown }[] }>('/api/ratio-strategies');
      return rows.find(({ id }) => id === 'both')?.resync === null;
    });
    await expectRefused(() => api('PUT', path, { ...mine, name: '也是我的', version: 1 }), 409, 'VERSION_CONFLICT', {
      readVersion: 1,
      presentVersion: 2,
      changed: [
        { member: 'name', yours: '也是我的', theirs: '我的' },
        { member: 'ratioBp', yours: 5_000, theirs: 6_000 },
      ],
    });
    await expectRefused(() => api('PUT', path, { ...mine, version: 0 }), 409, 'VERSION_CONFLICT');
    await expectRefused(() => api('PUT', path, { ...mine, version: 9 }), 409, 'VERSION_CONFLICT');
  });

  it('so it is with an allocation order, a warehouse and a mapping', async () => {
    const order = { sourceWarehouseId: SOURCE, targetWarehouseId: TARGET, lines: [{ skuId: goods.skuId, qty: 1 }] };
    await api('PUT', '/api/allocation-orders/FH-both', { ...order, version: 0 });
    const other = { ...order, lines: [{ skuId: goods.skuId, qty: 2 }], version: 0 };
    await expectRefused(() => api('PUT', '/api/allocation-orders/FH-both', other), 409, 'VERSION_CONFLICT', {
      presentVersion: 1,
      changed: [{ member: 'lines', yours: other.lines, theirs: order.lines }],
    });
    const warehouse = { title: '改名', kind: 'source', version: 0 };
    await expectRefused(() => api('PUT', `/api/warehouses/${SOURCE}`, warehouse), 409, 'VERSION_CONFLICT', {
      changed: [{ member: 'title', yours: '改名', theirs: '总仓' }],
    });
    const { shopId, itemId, platformSkuId } = SAMPLE.tmall;
    const mapping = { shopId, itemId, platformSkuId, skuId: goods.skuId, version: 0 };
    await expectRefused(() => api('PUT', '/api/mappings', mapping), 409, 'VERSION_CONFLICT');
  });

  it('of ten saves at once, one wins', async () => {
    const saves = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        api('PUT', '/api/warehouses/NEW', { title: `仓 ${i}`, kind: 'source', version: 0 }),
      ),
    );
    expect(saves.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 9 }, () => 409)]);
  });
});
