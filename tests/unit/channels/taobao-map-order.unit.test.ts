import { mapTaobaoOrder } from '../../../shared/adapters/channels/taobao/map-order';
import { isPaid, takesStock } from '../../../shared/domain/order/platform-order';
import { taobaoTradeText } from './samples';
import { thrownBy } from './app-error';

const GIFT = {
  oid: 2,
  num_iid: 700000000001,
  outer_sku_id: 'SOCKS',
  price: '9.90',
  payment: '0.00',
  divide_order_fee: '0.00',
};

function lineOf(text: string) {
  const [line] = mapTaobaoOrder(text).lines;
  if (!line) throw new Error('no line');
  return line;
}

describe('Taobao trade', () => {
  it('reads a paid trade whole, with ids beyond 2^53 and times in GMT+8', () => {
    expect(mapTaobaoOrder(taobaoTradeText())).toEqual({
      channel: 'taobao',
      orderNo: '2600000000123456789',
      status: 'to-ship',
      platformStatus: 'WAIT_SELLER_SEND_GOODS',
      // 14:04:51 in Shanghai is 06:04:51 UTC.
      createdAtMs: Date.parse('2026-03-08T06:04:51Z'),
      modifiedAtMs: Date.parse('2026-03-08T06:05:09Z'),
      paidAtMs: Date.parse('2026-03-08T06:05:08Z'),
      stockTakenAt: 'order',
      deposit: 'none',
      payableFen: 19700,
      freightFen: 800,
      buyerMemo: '周五前送到，谢谢',
      sellerMemo: '老客户',
      buyerNick: '小**',
      receiver: {
        name: '张**',
        phone: '138****0000',
        province: '浙江省',
        city: '杭州市',
        district: '余杭区',
        address: '五常街道**路**号',
        token: '1VnCBPNE6ZbX0wyEVqnPbM2Bdn5ak',
      },
      lines: [
        {
          lineNo: '2600000000123456790',
          itemId: '654321098765',
          platformSkuId: '4711000000001',
          merchantCode: 'TEE-RED-L',
          title: '纯棉短袖T恤男夏季新款',
          quantity: 2,
          unitPriceFen: 9950,
          paidFen: 18900,
          gift: false,
          presale: false,
          refund: 'none',
        },
      ],
    });
  });

  it('prefers the ids that are sent as text', () => {
    const text = taobaoTradeText({
      order: { tid_str: '2600000000123456700' },
      lines: [{ oid_str: '2600000000123456701' }],
    });
    const order = mapTaobaoOrder(text);
    expect([order.orderNo, order.lines[0]?.lineNo]).toEqual(['2600000000123456700', '2600000000123456701']);
  });

  it.each([
    ['TRADE_NO_CREATE_PAY', 'unpaid'],
    ['WAIT_BUYER_PAY', 'unpaid'],
    ['PAY_PENDING', 'unpaid'],
    ['WAIT_PRE_AUTH_CONFIRM', 'unpaid'],
    ['PAID_FORBID_CONSIGN', 'paid-do-not-ship'],
    ['WAIT_SELLER_SEND_GOODS', 'to-ship'],
    ['SELLER_CONSIGNED_PART', 'part-shipped'],
    ['WAIT_BUYER_CONFIRM_GOODS', 'shipped'],
    ['TRADE_BUYER_SIGNED', 'shipped'],
    ['TRADE_FINISHED', 'finished'],
    ['TRADE_CLOSED', 'closed'],
    ['TRADE_CLOSED_BY_TAOBAO', 'closed'],
  ])('reads status %s as %s', (platformStatus, status) => {
    expect(mapTaobaoOrder(taobaoTradeText({ order: { status: platformStatus } })).status).toBe(status);
  });

  it('keeps an order with an unknown status aside, naming it', () => {
    const text = taobaoTradeText({ order: { status: 'WAIT_FOR_GODOT' } });
    expect(thrownBy(() => mapTaobaoOrder(text))).toMatchObject({
      code: 'ORDER_UNREADABLE',
      facts: { field: 'status' },
    });
    expect(() => mapTaobaoOrder(text)).toThrow('WAIT_FOR_GODOT');
  });

  it.each([
    ['FRONT_NOPAID_FINAL_NOPAID', 'WAIT_BUYER_PAY', 'nothing-paid', 'unpaid'],
    ['FRONT_PAID_FINAL_NOPAID', 'WAIT_BUYER_PAY', 'deposit-paid', 'unpaid'],
    ['FRONT_PAID_FINAL_NOPAID', 'WAIT_SELLER_SEND_GOODS', 'deposit-paid', 'paid-do-not-ship'],
    ['FRONT_NOPAID_FINAL_NOPAID', 'WAIT_SELLER_SEND_GOODS', 'nothing-paid', 'unpaid'],
    ['FRONT_PAID_FINAL_PAID', 'WAIT_SELLER_SEND_GOODS', 'all-paid', 'to-ship'],
    ['FRONT_PAID_FRONT_FORFEITED', 'TRADE_CLOSED_BY_TAOBAO', 'forfeited', 'closed'],
  ])('reads a deposit presale at %s with trade status %s as %s and %s', (step, platformStatus, deposit, status) => {
    const order = mapTaobaoOrder(
      taobaoTradeText({
        order: { type: 'step', step_trade_status: step, step_paid_fee: '20.00', status: platformStatus },
      }),
    );
    expect([order.deposit, order.status]).toEqual([deposit, status]);
    if (order.status !== 'closed') expect(isPaid(order)).toBe(deposit === 'all-paid');
    expect(takesStock(order)).toBe(deposit !== 'forfeited');
  });

  it('keeps an order with an unknown presale step aside', () => {
    const text = taobaoTradeText({ order: { step_trade_status: 'MIDDLE_PAID' } });
    expect(() => mapTaobaoOrder(text)).toThrow('MIDDLE_PAID');
  });

  it('marks the lines of goods that ship later as presale', () => {
    expect(lineOf(taobaoTradeText({ order: { new_presell: true } })).presale).toBe(true);
    expect(lineOf(taobaoTradeText({ order: { general_new_presell: 'true' } })).presale).toBe(true);
    expect(lineOf(taobaoTradeText({ order: { new_presell: 'false' } })).presale).toBe(false);
  });

  it('takes freight off the only line, whose payment includes it', () => {
    // ¥197.00 paid, ¥8.00 of it freight.
    const text = taobaoTradeText({ lines: [{ divide_order_fee: undefined, payment: '197.00' }] });
    expect(lineOf(text).paidFen).toBe(18900);
  });

  it('takes no freight off the lines of a trade with several', () => {
    const text = taobaoTradeText({
      lines: [
        { divide_order_fee: undefined, payment: '100.00' },
        { oid: 2, divide_order_fee: '', payment: '89.00' },
      ],
    });
    expect(mapTaobaoOrder(text).lines.map((line) => line.paidFen)).toEqual([10000, 8900]);
  });

  it('knows a gift by the promotion that names its item, or by having no price', () => {
    const promotion_details = { promotion_detail: [{ id: 1, gift_item_id: '700000000001', gift_item_num: '1' }] };
    const text = taobaoTradeText({
      order: { promotion_details },
      lines: [{}, GIFT, { ...GIFT, num_iid: 9, price: '0.00' }],
    });
    expect(mapTaobaoOrder(text).lines.map((line) => line.gift)).toEqual([false, true, true]);
  });

  it('does not take a line for a gift only because a coupon paid for it', () => {
    expect(lineOf(taobaoTradeText({ lines: [GIFT] })).gift).toBe(false);
  });

  it('reads an item without SKUs by its item code', () => {
    const line = lineOf(taobaoTradeText({ lines: [{ sku_id: undefined, outer_sku_id: undefined }] }));
    expect([line.platformSkuId, line.merchantCode]).toEqual([null, 'TEE']);
  });

  it('says that a line without any seller code has none', () => {
    expect(lineOf(taobaoTradeText({ lines: [{ outer_iid: '', outer_sku_id: '' }] })).merchantCode).toBeNull();
  });

  it.each([
    ['WAIT_SELLER_AGREE', 'in-progress'],
    ['WAIT_BUYER_RETURN_GOODS', 'in-progress'],
    ['WAIT_SELLER_CONFIRM_GOODS', 'in-progress'],
    ['SELLER_REFUSE_BUYER', 'none'],
    ['CLOSED', 'none'],
    ['NO_REFUND', 'none'],
    ['SUCCESS', 'succeeded'],
    [undefined, 'none'],
    ['SOMETHING_NEW', 'in-progress'],
  ])('reads refund %s of one line as %s while the trade stays to be shipped', (refund_status, refund) => {
    const order = mapTaobaoOrder(taobaoTradeText({ lines: [{ refund_status }, { oid: 2 }] }));
    expect(order.status).toBe('to-ship');
    expect(order.lines.map((line) => line.refund)).toEqual([refund, 'none']);
  });

  it('does not ship a line that the platform closed inside a living trade', () => {
    const text = taobaoTradeText({ lines: [{ status: 'TRADE_CLOSED_BY_TAOBAO' }, { oid: 2 }] });
    expect(mapTaobaoOrder(text).lines.map((line) => line.refund)).toEqual(['succeeded', 'none']);
  });

  it('reads an unpaid trade without the fields that come with payment', () => {
    const text = taobaoTradeText({ order: { status: 'WAIT_BUYER_PAY', pay_time: undefined, seller_memo: null } });
    const order = mapTaobaoOrder(text);
    expect([order.paidAtMs, order.sellerMemo]).toEqual([null, '']);
  });

  it('loses no order to a field that the platform adds', () => {
    expect(mapTaobaoOrder(taobaoTradeText({ order: { brand_new: { a: [1] } } })).orderNo).toBe('2600000000123456789');
  });

  it.each([
    ['payment', { order: { payment: '12.345' } }, 'trade_fullinfo_get_response.trade.payment'],
    ['time', { order: { modified: '08/03/2026' } }, 'trade_fullinfo_get_response.trade.modified'],
    ['quantity', { lines: [{ num: 0 }] }, 'trade_fullinfo_get_response.trade.orders.order.0.num'],
    ['list of lines', { lines: [] }, 'trade_fullinfo_get_response.trade.orders.order'],
  ])('keeps an order with an unreadable %s aside, naming the field', (_what, sample, field) => {
    expect(thrownBy(() => mapTaobaoOrder(taobaoTradeText(sample)))).toMatchObject({
      code: 'ORDER_UNREADABLE',
      facts: { field },
    });
  });

  it('keeps a text aside that is not an order at all', () => {
    expect(thrownBy(() => mapTaobaoOrder('<html>')).code).toBe('ORDER_UNREADABLE');
    expect(thrownBy(() => mapTaobaoOrder('{}')).code).toBe('ORDER_UNREADABLE');
  });
});
