import { SAMPLE } from '../../infra/local/demo/sample-brand';
import { SAMPLE_SHOPS } from '../../infra/local/host/data-folder';
import type { LocalWorld } from './local-world';
import { send } from './raw-http';
import { Refusals, USERS } from './refusals';
import type { Goods } from './steps';
import { documents, untilIdle } from './steps';

jest.setTimeout(60_000);

// What people and programs may send to the API and must not: a coded answer, and nothing changed.

const { sourceWarehouse: SOURCE, distributionWarehouse: TARGET } = SAMPLE;

let world: LocalWorld;
let goods: Goods;
let adminToken: string;
let api: Refusals['api'];
let expectRefused: Refusals['expectRefused'];

beforeAll(async () => {
  ({ world, goods, adminToken, api, expectRefused } = await Refusals.start());
}, 60_000);

afterAll(() => world.close());

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
