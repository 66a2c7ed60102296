import { until } from '../../infra/local/demo/api';
import { SAMPLE } from '../../infra/local/demo/sample-brand';
import { SAMPLE_SHOPS } from '../../infra/local/host/data-folder';
import type { LocalWorld } from './local-world';
import { Refusals } from './refusals';
import type { Goods, Purchase } from './steps';
import { act, buy, deliveryOrder, offer, onPlatform, receive, stockOf, untilConversion, untilStatus } from './steps';

jest.setTimeout(60_000);

// Steps that a document does not take any more, or not for the second of two people: a coded answer, and nothing changed.

const { sourceWarehouse: SOURCE, distributionWarehouse: TARGET } = SAMPLE;

let world: LocalWorld;
let goods: Goods;
let api: Refusals['api'];
let expectRefused: Refusals['expectRefused'];

beforeAll(async () => {
  ({ world, goods, api, expectRefused } = await Refusals.start());
}, 60_000);

afterAll(() => world.close());

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
