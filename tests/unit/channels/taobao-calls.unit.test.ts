import { signTaobao } from '../../../shared/adapters/channels/taobao/sign';
import type { StockWrite } from '../../../shared/ports/channel';
import { ACCESS, CHANNELS, json, withGateway, WRITE } from './gateway-samples';
import type { StubGateway } from './stub-gateway';

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
