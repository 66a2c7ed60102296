import { signDoudian } from '../../../shared/adapters/channels/doudian/sign';
import type { StockWrite } from '../../../shared/ports/channel';
import { ACCESS, CHANNELS, json, withGateway, WRITE } from './gateway-samples';

describe('Doudian calls', () => {
  const success = json({ code: 10000, msg: 'success', data: {} });

  it('puts system parameters into the query and the signed parameters into the body', async () => {
    await withGateway([success], async (gateway) => {
      const results = await CHANNELS.doudian(gateway.url).writeStock(ACCESS, [WRITE]);
      expect(results).toEqual([{ kind: 'applied', shownQty: null }]);
      const [request] = gateway.requests;
      expect(request?.url.pathname).toBe('/sku/syncStock');
      expect(request?.body).toBe(
        '{"incremental":false,"product_id":3473196049974326153,"sku_id":1736502463777799,"stock_num":12}',
      );
      const paramJson = request?.body ?? '';
      // 06:05:09 UTC on 2026-03-08 is 1772949909 in Unix seconds.
      const signed = { appKey: ACCESS.appKey, method: 'sku.syncStock', paramJson, timestamp: '1772949909' };
      expect(Object.fromEntries(request?.url.searchParams ?? [])).toEqual({
        ...{ app_key: ACCESS.appKey, method: 'sku.syncStock', access_token: ACCESS.accessToken },
        ...{ timestamp: '1772949909', v: '2', sign_method: 'hmac-sha256' },
        sign: signDoudian(signed, ACCESS.appSecret),
      });
    });
  });

  it('writes several SKUs of any products in one call, under a key of these very writes', async () => {
    const other = {
      ...WRITE,
      listing: { itemId: '3473196049974326154', platformSkuId: '5' },
      qty: -2,
      key: 'shop-1:8',
    };
    const notSent = { ...WRITE, listing: { itemId: '1', platformSkuId: null }, key: 'shop-1:9' };
    const results = [
      { uniq_id: '1', status_code: '50002', status_message: '库存不足' },
      { uniq_id: '0', status_code: 0, status_message: '' },
    ];
    await withGateway([json({ code: 10000, data: { results } })], async (gateway) => {
      const channel = CHANNELS.doudian(gateway.url);
      const writes = [{ ...WRITE, mode: 'add' as const }, notSent, { ...other, mode: 'add' as const }];
      expect(await channel.writeStock(ACCESS, writes)).toEqual([
        { kind: 'applied', shownQty: null },
        { kind: 'refused', code: 'BAD_INPUT', message: 'stock is written by SKU', retry: 'never' },
        { kind: 'unknown', message: '50002 库存不足' },
      ]);
      await channel.writeStock(ACCESS, [...writes].reverse());
      const [first, reversed] = gateway.requests.map(({ url, body }) => ({ path: url.pathname, body }));
      expect(first?.path).toBe('/sku/syncStockBatchMultiProducts');
      const key = /"idempotent_id":"([0-9a-f]{32})"/;
      expect(first?.body.replace(key, '"idempotent_id":"K"')).toBe(
        '{"allow_partial_success":true,"idempotent_id":"K","incremental":true,"items":[' +
          '{"product_id":3473196049974326153,"sku_id":1736502463777799,"stock_num":12,"uniq_id":"0"},' +
          '{"product_id":3473196049974326154,"sku_id":5,"stock_num":-2,"uniq_id":"1"}]}',
      );
      expect(key.exec(reversed?.body ?? '')?.[1]).not.toBe(key.exec(first?.body ?? '')?.[1]);
    });
  });

  it.each([
    ['says nothing of one', json({ code: 10000, data: { results: [{ uniq_id: '0', status_code: 0 }] } }), 'applied'],
    [
      'says something else of one',
      json({
        code: 10000,
        data: { results: [null, { sku_id: 1, status_code: null }, { uniq_id: 0, status_code: 0 }] },
      }),
      'applied',
    ],
    ['answers in another shape', json({ code: 10000, data: {} }), 'unknown'],
    [
      'fails behind the gateway',
      json({ code: 50002, sub_code: 'isv.business-failed:4', sub_msg: '系统错误' }),
      'unknown',
    ],
    [
      'knows their key',
      json({ code: 50002, sub_code: 'isv.business-failed:-20002', sub_msg: 'Token已被使用' }),
      'unknown',
    ],
  ])('leaves writes of one call unknown where the gateway %s', async (_what, answer, first) => {
    await withGateway([answer], async (gateway) => {
      const writes = [WRITE, { ...WRITE, listing: { itemId: '2', platformSkuId: '5' }, key: 'shop-1:8' }];
      const results = await CHANNELS.doudian(gateway.url).writeStock(
        ACCESS,
        writes.map((write): StockWrite => ({ ...write, mode: 'add' })),
      );
      expect(results.map(({ kind }) => kind)).toEqual([first, 'unknown']);
    });
  });

  it('finds the writes of a call by their SKU where the platform does not say which is which', async () => {
    const results = [{ sku_id: 5, status_code: 0 }];
    await withGateway([json({ code: 10000, data: { results } })], async (gateway) => {
      const other = { ...WRITE, listing: { itemId: '2', platformSkuId: '5' }, key: 'shop-1:8' };
      const found = await CHANNELS.doudian(gateway.url).writeStock(ACCESS, [WRITE, other]);
      expect(found.map(({ kind }) => kind)).toEqual(['unknown', 'applied']);
    });
  });

  it('refuses additions for good where the call itself was wrong: none of them was begun', async () => {
    const wrong = json({ code: 40004, sub_code: 'isv.parameter-invalid:4', sub_msg: '参数不合法' });
    await withGateway([wrong], async (gateway) => {
      const writes = [WRITE, { ...WRITE, key: 'shop-1:8' }].map((write): StockWrite => ({ ...write, mode: 'add' }));
      const refused = { kind: 'refused', code: 'CHANNEL_REFUSED', retry: 'never' };
      expect(await CHANNELS.doudian(gateway.url).writeStock(ACCESS, writes)).toMatchObject([refused, refused]);
    });
  });

  it('refuses all writes of a call that is refused', async () => {
    await withGateway([json({ code: 60000, sub_code: 'isp.call-limited', sub_msg: '触发限流' })], async (gateway) => {
      const results = await CHANNELS.doudian(gateway.url).writeStock(ACCESS, [WRITE, { ...WRITE, key: 'shop-1:8' }]);
      const refused = { kind: 'refused', code: 'CHANNEL_THROTTLED', retry: 'later' };
      expect(results).toMatchObject([refused, refused]);
    });
  });

  it('adds under the key of the write', async () => {
    await withGateway([success], async (gateway) => {
      await CHANNELS.doudian(gateway.url).writeStock(ACCESS, [{ ...WRITE, mode: 'add', qty: -3 }]);
      expect(JSON.parse(gateway.requests[0]?.body ?? '')).toMatchObject({
        ...{ incremental: true, idempotent_id: 'shop-1:7', stock_num: -3 },
      });
    });
  });

  it.each([
    [40004, 'isv.parameter-invalid:40010'],
    [40003, 'isv.idempotent-id-existed'],
  ])('takes code %i %s for an addition that was applied before', async (code, sub_code) => {
    await withGateway([json({ code, sub_code, sub_msg: '[idempotent_id]重复，操作已执行' })], async (gateway) => {
      const channel = CHANNELS.doudian(gateway.url);
      const added = await channel.writeStock(ACCESS, [{ ...WRITE, mode: 'add' }]);
      expect(added).toEqual([{ kind: 'applied', shownQty: null }]);
      expect(await channel.writeStock(ACCESS, [WRITE])).toMatchObject([{ kind: 'refused', retry: 'never' }]);
    });
  });

  it('leaves a write unknown where the service behind the gateway ran out of time', async () => {
    await withGateway([json({ code: 20001, msg: '内部服务超时' })], async (gateway) => {
      const results = await CHANNELS.doudian(gateway.url).writeStock(ACCESS, [WRITE]);
      expect(results).toMatchObject([{ kind: 'unknown' }]);
    });
  });

  it.each([
    ['an item without a SKU', { itemId: '1', platformSkuId: null }],
    ['an id that is no number', { itemId: 'abc', platformSkuId: '1' }],
  ])('refuses to write %s without asking the platform', async (_what, listing) => {
    await withGateway([success], async (gateway) => {
      const results = await CHANNELS.doudian(gateway.url).writeStock(ACCESS, [{ ...WRITE, listing }]);
      expect(results).toMatchObject([{ kind: 'refused', retry: 'never' }]);
      expect(gateway.requests).toEqual([]);
    });
  });

  it.each([{}, { stock_num: null }, { sku_type: 0, stock_num: null, stock_num_map: null }])(
    'takes an answer that says nothing of stock for no answer, and not for an empty shelf: %j',
    async (data) => {
      await withGateway([json({ code: 10000, data })], async (gateway) => {
        const read = CHANNELS.doudian(gateway.url).readStock(ACCESS, WRITE.listing);
        await expect(read).rejects.toMatchObject({ code: 'CHANNEL_BAD_ANSWER' });
      });
    },
  );

  it('adds up stock by region', async () => {
    const data = { sku_type: 1, stock_num_map: { hz: 3, sz: 4 } };
    await withGateway([json({ code: 10000, data })], async (gateway) => {
      expect(await CHANNELS.doudian(gateway.url).readStock(ACCESS, WRITE.listing)).toBe(7);
    });
  });
});
