import { SAMPLE_SHOPS } from '../../infra/local/host/data-folder';
import type { LocalWorld } from './local-world';
import { paidMessage, push, send, signed } from './raw-http';
import { Refusals, USERS } from './refusals';
import type { Goods } from './steps';
import {
  buy,
  countOf,
  deliveryOrder,
  documents,
  newListing,
  putListing,
  receive,
  stockOf,
  untilConversion,
  untilIdle,
  untilStatus,
} from './steps';

jest.setTimeout(60_000);

// What platforms and attackers may push and must not, and what shops sell that is no SKU of ours: an answer with a code, and nothing changed.

let world: LocalWorld;
let goods: Goods;
let api: Refusals['api'];
let expectRefused: Refusals['expectRefused'];

beforeAll(async () => {
  ({ world, goods, api, expectRefused } = await Refusals.start());
}, 60_000);

afterAll(() => world.close());

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
