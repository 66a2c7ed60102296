import { doudianChannel } from '../../../shared/adapters/channels/doudian/doudian';
import { signDoudian } from '../../../shared/adapters/channels/doudian/sign';
import { signTaobao } from '../../../shared/adapters/channels/taobao/sign';
import { taobaoChannel } from '../../../shared/adapters/channels/taobao/taobao';
import type { Channel, ShopAccess, StockWrite } from '../../../shared/ports/channel';
import type { Clock } from '../../../shared/ports/clock';
import { deadUrl, type GatewayAnswer, StubGateway } from './stub-gateway';

const ACCESS: ShopAccess = {
  shopId: 'shop-1',
  appKey: '23400001',
  appSecret: '6d1f5b0ac2de4c1f9a77e8b1b2c3d4e5',
  accessToken: '6100b20c6b8e2f3d',
  platformShopId: '',
};
const CLOCK: Clock = { nowMs: () => Date.parse('2026-03-08T06:05:09Z'), sleep: async () => undefined };
const WRITE: StockWrite = {
  listing: { itemId: '3473196049974326153', platformSkuId: '1736502463777799' },
  mode: 'set',
  qty: 12,
  key: 'shop-1:7',
};
// Long enough for a slow machine to answer; only silence waits for it.
const TIMEOUT_MS = 1_000;

const CHANNELS: Record<'taobao' | 'doudian', (gatewayUrl: string) => Channel> = {
  taobao: (gatewayUrl) => taobaoChannel({ gatewayUrl, timeoutMs: TIMEOUT_MS, clock: CLOCK }),
  doudian: (gatewayUrl) => doudianChannel({ gatewayUrl, timeoutMs: TIMEOUT_MS, clock: CLOCK }),
};

async function withGateway<T>(
  answers: readonly GatewayAnswer[],
  act: (gateway: StubGateway) => Promise<T>,
): Promise<T> {
  const gateway = await StubGateway.open(...answers);
  try {
    return await act(gateway);
  } finally {
    await gateway.close();
  }
}

const json = (value: unknown, status = 200): GatewayAnswer => ({ status, text: JSON.stringify(value) });

describe.each(['taobao', 'doudian'] as const)('%s gateway trouble', (id) => {
  const fetchOrder = (answer: GatewayAnswer) =>
    withGateway([answer], (gateway) => CHANNELS[id](gateway.url).fetchOrder(ACCESS, '2600000000123456789'));
  const write = (answer: GatewayAnswer, writes = [WRITE]) =>
    withGateway([answer], (gateway) => CHANNELS[id](gateway.url).writeStock(ACCESS, writes));

  it.each([
    ['never answers', 'silence', 'CHANNEL_UNREACHABLE'],
    ['drops the connection', 'drop', 'CHANNEL_UNREACHABLE'],
    ['breaks off in the middle of its answer', 'break', 'CHANNEL_UNREACHABLE'],
    ['falls silent in the middle of its answer', 'silence in the middle', 'CHANNEL_UNREACHABLE'],
    ['answers 503', { status: 503, text: 'busy' }, 'CHANNEL_BUSY'],
    ['answers 429', { status: 429, text: '' }, 'CHANNEL_THROTTLED'],
    ['redirects', { status: 302, text: '' }, 'CHANNEL_BAD_ANSWER'],
    ['answers with a web page', { text: '<html>maintenance</html>' }, 'CHANNEL_BAD_ANSWER'],
    ['answers with JSON of another kind', { text: '[]' }, 'CHANNEL_BAD_ANSWER'],
  ] as const)('turns a read into an error with a code where the gateway %s', async (_what, answer, code) => {
    await expect(fetchOrder(answer)).rejects.toMatchObject({ code });
  });

  it.each([
    ['never answers', 'silence'],
    ['drops the connection', 'drop'],
    ['breaks off in the middle of its answer', 'break'],
    ['falls silent in the middle of its answer', 'silence in the middle'],
    ['answers 502', { status: 502, text: 'bad gateway' }],
    ['answers with a web page', { text: '<html>' }],
  ] as const)('leaves a write unknown where the gateway %s: it may have been applied', async (_what, answer) => {
    expect(await write(answer)).toEqual([{ kind: 'unknown', message: expect.any(String) as unknown }]);
  });

  it('refuses a write for later where nobody listens: it was never sent', async () => {
    const results = await CHANNELS[id](await deadUrl()).writeStock(ACCESS, [WRITE]);
    expect(results).toMatchObject([{ kind: 'refused', code: 'CHANNEL_UNREACHABLE', retry: 'later' }]);
  });

  it('refuses a write for later on too many requests', async () => {
    const results = await write({ status: 429, text: '' });
    expect(results).toMatchObject([{ kind: 'refused', code: 'CHANNEL_THROTTLED', retry: 'later' }]);
  });

  it('writes nothing where there is nothing to write', async () => {
    expect(await write('silence', [])).toEqual([]);
  });

  it('calls again on a new connection where the gateway has closed the one that was kept', async () => {
    const busy: GatewayAnswer = { status: 503, text: 'busy' };
    await withGateway([busy], async (gateway) => {
      const fetched = () => CHANNELS[id](gateway.url).fetchOrder(ACCESS, '2600000000123456789');
      await expect(fetched()).rejects.toMatchObject({ code: 'CHANNEL_BUSY' });
      await gateway.closeIdle();
      await expect(fetched()).rejects.toMatchObject({ code: 'CHANNEL_BUSY' });
      expect(gateway.requests).toHaveLength(2);
    });
  });

  it('tells nobody the secret or the token', async () => {
    const error: unknown = await fetchOrder('drop').catch((thrown: unknown) => thrown);
    const told = `${String(error)} ${JSON.stringify(error)} ${String((error as Error).cause)}`;
    expect(told).not.toContain(ACCESS.appSecret);
    expect(told).not.toContain(ACCESS.accessToken);
  });
});

describe('Taobao calls', () => {
  const empty = json({ tmc_messages_consume_response: { request_id: 'x' } });
  const formOf = (gateway: StubGateway, at = 0) =>
    Object.fromEntries(new URLSearchParams(gateway.requests[at]?.body ?? ''));
  const poll = (gateway: StubGateway) => {
    const { intake } = CHANNELS.taobao(gateway.url);
    if (intake.kind !== 'poll') throw new Error('Taobao is polled');
    return intake;
  };

  it('signs all parameters, states the time in GMT+8 and sends nothing empty', async () => {
    await withGateway([empty], async (gateway) => {
      await poll(gateway).consume({ ...ACCESS, accessToken: '' }, 50);
      const { sign, ...form } = formOf(gateway);
      expect(form).toEqual({
        method: 'taobao.tmc.messages.consume',
        app_key: '23400001',
        timestamp: '2026-03-08 14:05:09',
        v: '2.0',
        format: 'json',
        sign_method: 'hmac',
        quantity: '50',
      });
      expect(sign).toBe(signTaobao(form, ACCESS.appSecret, 'hmac'));
    });
  });

  it.each([
    [1, '10'],
    [50, '50'],
    [1000, '200'],
  ])('asks for %i messages within the bounds of the platform', async (maxMessages, quantity) => {
    await withGateway([empty], async (gateway) => {
      await poll(gateway).consume(ACCESS, maxMessages);
      expect(formOf(gateway).quantity).toBe(quantity);
    });
  });

  it('reads messages with ids beyond 2^53 and the order that each names', async () => {
    const message = (id: string, topic: string, content: string) =>
      `{"id":${id},"topic":"${topic}","user_id":2200000000001,"content":${JSON.stringify(content)}}`;
    const text = `{"tmc_messages_consume_response":{"messages":{"tmc_message":[${[
      message('7104500180000000001', 'taobao_trade_TradeBuyerPay', '{"tid":2600000000123456789,"status":"x"}'),
      message('7104500180000000002', 'taobao_refund_RefundCreated', '{"tid":"2600000000123456789","refund_id":1}'),
      message('7104500180000000003', 'taobao_item_ItemUpdate', '{"num_iid":1,"tid":5}'),
      message('7104500180000000004', 'taobao_trade_TradeChanged', '<xml/>'),
    ].join(',')}]}}}`;
    await withGateway([{ text }], async (gateway) => {
      expect(await poll(gateway).consume(ACCESS, 10)).toEqual([
        {
          messageId: '7104500180000000001',
          sellerId: '2200000000001',
          topic: 'taobao_trade_TradeBuyerPay',
          orderNo: '2600000000123456789',
        },
        {
          messageId: '7104500180000000002',
          sellerId: '2200000000001',
          topic: 'taobao_refund_RefundCreated',
          orderNo: '2600000000123456789',
        },
        { messageId: '7104500180000000003', sellerId: '2200000000001', topic: 'taobao_item_ItemUpdate', orderNo: null },
        {
          messageId: '7104500180000000004',
          sellerId: '2200000000001',
          topic: 'taobao_trade_TradeChanged',
          orderNo: null,
        },
      ]);
    });
  });

  it.each([{ messages: {} }, { messages: null }, { request_id: 'x' }])(
    'reads an empty queue from %j',
    async (answer) => {
      await withGateway([json({ tmc_messages_consume_response: answer })], async (gateway) => {
        expect(await poll(gateway).consume(ACCESS, 10)).toEqual([]);
      });
    },
  );

  it('confirms at most 200 messages a call', async () => {
    await withGateway([json({ tmc_messages_confirm_response: { is_success: true } })], async (gateway) => {
      const ids = Array.from({ length: 401 }, (_, index) => String(7104500180000000000n + BigInt(index)));
      await poll(gateway).confirm(ACCESS, ids);
      const sent = gateway.requests.map((_, at) => formOf(gateway, at).s_message_ids?.split(',') ?? []);
      expect(sent.map((each) => each.length)).toEqual([200, 200, 1]);
      expect(sent.flat()).toEqual(ids);
    });
  });

  it('says so where the platform did not confirm', async () => {
    await withGateway([json({ tmc_messages_confirm_response: { is_success: false } })], async (gateway) => {
      await expect(poll(gateway).confirm(ACCESS, ['1'])).rejects.toMatchObject({ code: 'CHANNEL_BUSY' });
    });
  });

  it('tells what the platform shows after a write, which may be other than what was meant', async () => {
    // 5 pieces less than nothing are set to 0 without a word; the second SKU is missing in the answer.
    const item = { num_iid: 1, num: 0, skus: { sku: [{ sku_id: 2, quantity: 0 }] } };
    await withGateway([json({ skus_quantity_update_response: { item } })], async (gateway) => {
      const write = (platformSkuId: string): StockWrite => ({
        ...{ mode: 'add', qty: -5, key: 'k' },
        listing: { itemId: '1', platformSkuId },
      });
      expect(await CHANNELS.taobao(gateway.url).writeStock(ACCESS, [write('2'), write('3')])).toEqual([
        { kind: 'applied', shownQty: 0 },
        { kind: 'applied', shownQty: null },
      ]);
      expect(formOf(gateway)).toMatchObject({ num_iid: '1', skuid_quantities: '2:-5;3:-5', type: '2' });
    });
  });

  it('leaves a write unknown where the service behind the gateway ran out of time', async () => {
    const error_response = { code: 15, msg: 'Remote service error', sub_code: 'isp.remote-service-timeout' };
    await withGateway([json({ error_response })], async (gateway) => {
      const results = await CHANNELS.taobao(gateway.url).writeStock(ACCESS, [WRITE]);
      expect(results).toMatchObject([{ kind: 'unknown' }]);
    });
  });

  it('does not take another trade for the one asked for', async () => {
    const text = '{"trade_fullinfo_get_response":{"trade":{"tid":2600000000123456700}}}';
    await withGateway([{ text }], async (gateway) => {
      const fetched = CHANNELS.taobao(gateway.url).fetchOrder(ACCESS, '2600000000123456789');
      await expect(fetched).rejects.toMatchObject({ code: 'CHANNEL_BAD_ANSWER' });
    });
  });

  it('knows an empty answer for a trade that does not exist', async () => {
    await withGateway([json({ trade_fullinfo_get_response: {} })], async (gateway) => {
      await expect(CHANNELS.taobao(gateway.url).fetchOrder(ACCESS, '1')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });
  });
});

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

  it('adds up stock by region', async () => {
    const data = { sku_type: 1, stock_num_map: { hz: 3, sz: 4 } };
    await withGateway([json({ code: 10000, data })], async (gateway) => {
      expect(await CHANNELS.doudian(gateway.url).readStock(ACCESS, WRITE.listing)).toBe(7);
    });
  });
});
