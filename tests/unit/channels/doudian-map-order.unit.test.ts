import { mapDoudianOrder } from '../../../shared/adapters/channels/doudian/map-order';
import { isPaid, takesStock } from '../../../shared/domain/order/platform-order';
import { doudianOrderText } from './samples';
import { thrownBy } from './app-error';

function lineOf(text: string) {
  const [line] = mapDoudianOrder(text).lines;
  if (!line) throw new Error('no line');
  return line;
}

const phase = (current_phase: number, pay_success: boolean) => ({
  current_phase,
  pay_success,
  total_phase: 2,
  phase_pay_time: 0,
});

describe('Doudian order', () => {
  it('reads a paid order whole, with ids beyond 2^53 and times in Unix seconds', () => {
    expect(mapDoudianOrder(doudianOrderText())).toEqual({
      channel: 'doudian',
      orderNo: '6917525312345678901',
      status: 'to-ship',
      platformStatus: '2',
      createdAtMs: 1772949891000,
      modifiedAtMs: 1772949909000,
      paidAtMs: 1772949900000,
      stockTakenAt: 'order',
      deposit: 'none',
      payableFen: 19700,
      freightFen: 800,
      buyerMemo: '周五前送到，谢谢',
      sellerMemo: '老客户',
      buyerNick: '1@#iAhPVg0GqFQ',
      receiver: {
        name: '张**',
        phone: '138****0000',
        province: '浙江省',
        city: '杭州市',
        district: '余杭区',
        address: '五常街道**路**号',
        token: '#rOaXsKkP2v',
      },
      lines: [
        {
          lineNo: '6917525312345678902',
          itemId: '3473196049974326153',
          platformSkuId: '1736502463777799123',
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

  it('reads the item from the number where the text field is missing', () => {
    expect(lineOf(doudianOrderText({ lines: [{ product_id_str: undefined }] })).itemId).toBe('3473196049974326153');
  });

  it.each([
    [1, 'unpaid'],
    [105, 'paid-do-not-ship'],
    [2, 'to-ship'],
    [101, 'part-shipped'],
    [3, 'shipped'],
    [5, 'finished'],
    [4, 'closed'],
  ])('reads order_status %i as %s', (order_status, status) => {
    expect(mapDoudianOrder(doudianOrderText({ order: { order_status } })).status).toBe(status);
  });

  it('keeps an order with an unknown status aside, naming it', () => {
    expect(() => mapDoudianOrder(doudianOrderText({ order: { order_status: 77 } }))).toThrow(
      'unknown order_status: 77',
    );
  });

  it('takes stock at payment where any line does', () => {
    const order = { order_status: 1, pay_time: 0 };
    const atPayment = mapDoudianOrder(
      doudianOrderText({ order, lines: [{ reduce_stock_type: 2 }, { order_id: '3' }] }),
    );
    expect([atPayment.stockTakenAt, takesStock(atPayment)]).toEqual(['payment', false]);
    const atOrder = mapDoudianOrder(doudianOrderText({ order }));
    expect([atOrder.stockTakenAt, takesStock(atOrder)]).toEqual(['order', true]);
  });

  it.each([
    ['nothing', 1, [phase(1, false), phase(2, false)], 'nothing-paid', 'unpaid'],
    ['the deposit', 105, [phase(1, true), phase(2, false)], 'deposit-paid', 'paid-do-not-ship'],
    [
      'the deposit, though the order claims to be ready',
      2,
      [phase(1, true), phase(2, false)],
      'deposit-paid',
      'paid-do-not-ship',
    ],
    ['the deposit, and no second phase is listed yet', 1, [phase(1, true)], 'deposit-paid', 'unpaid'],
    ['both phases', 2, [phase(1, true), phase(2, true)], 'all-paid', 'to-ship'],
  ])('reads a deposit presale with %s paid', (_what, order_status, order_phase_list, deposit, status) => {
    const order = mapDoudianOrder(
      doudianOrderText({ order: { order_status, order_phase_list }, lines: [{ trade_type: 2, pre_sale_type: 2 }] }),
    );
    expect([order.deposit, order.status]).toEqual([deposit, status]);
    expect(isPaid(order)).toBe(deposit === 'all-paid');
  });

  it.each([
    [{ order_status: 1, pay_time: 0 }, 'nothing-paid'],
    [{ order_status: 1, main_status: 103 }, 'deposit-paid'],
    [{ order_status: 105 }, 'deposit-paid'],
    [{ order_status: 2 }, 'all-paid'],
  ])('tells the phase of a deposit presale from the status where no phases are sent: %j', (order, deposit) => {
    const text = doudianOrderText({ order: { ...order, order_phase_list: null }, lines: [{ trade_type: 2 }] });
    expect(mapDoudianOrder(text).deposit).toBe(deposit);
  });

  it('marks lines that are paid in full and ship later as presale', () => {
    expect([0, 1, 2].map((pre_sale_type) => lineOf(doudianOrderText({ lines: [{ pre_sale_type }] })).presale)).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('takes freight off the lines where their amounts add up to the whole order', () => {
    // 18,900 + 800 freight = 19,700 = what the order was paid with.
    const text = doudianOrderText({ lines: [{ pay_amount: 19700, post_amount: 800 }] });
    expect(lineOf(text).paidFen).toBe(18900);
  });

  it('knows a gift, and the seller code from either field', () => {
    const gift = { order_id: '3', given_product_type: 'FREE', code: '', out_sku_id: 'SOCKS', pay_amount: 0 };
    const nameless = { order_id: '4', code: '', out_sku_id: '0' };
    const lines = mapDoudianOrder(
      doudianOrderText({ lines: [{ given_product_type: 'MASTER' }, gift, nameless] }),
    ).lines;
    expect(lines.map((line) => line.gift)).toEqual([false, true, false]);
    expect(lines.map((line) => line.merchantCode)).toEqual(['TEE-RED-L', 'SOCKS', null]);
  });

  it.each([
    ['applied', { after_sale_status: 6, after_sale_type: 2, refund_status: 1 }, 'in-progress'],
    ['buyer sends back', { after_sale_status: 7, after_sale_type: 0, refund_status: 1 }, 'in-progress'],
    ['sent back', { after_sale_status: 11, after_sale_type: 0, refund_status: 1 }, 'in-progress'],
    ['exchange on its way', { after_sale_status: 13, after_sale_type: 3, refund_status: 0 }, 'in-progress'],
    ['exchange done', { after_sale_status: 14, after_sale_type: 3, refund_status: 0 }, 'none'],
    ['succeeded', { after_sale_status: 12, after_sale_type: 2, refund_status: 3 }, 'succeeded'],
    ['cancelled by the buyer', { after_sale_status: 51, after_sale_type: 5, refund_status: 3 }, 'succeeded'],
    ['refused', { after_sale_status: 27, after_sale_type: 2, refund_status: 1 }, 'none'],
    ['withdrawn, its refund still waiting', { after_sale_status: 28, after_sale_type: 2, refund_status: 1 }, 'none'],
    ['price difference paid back', { after_sale_status: 12, after_sale_type: 6, refund_status: 3 }, 'none'],
    ['a number of the future', { after_sale_status: 99, after_sale_type: 2, refund_status: 1 }, 'in-progress'],
    ['never', undefined, 'none'],
  ])('reads an after-sale %s', (_what, after_sale_info, refund) => {
    const order = mapDoudianOrder(doudianOrderText({ lines: [{ after_sale_info }, { order_id: '3' }] }));
    expect(order.status).toBe('to-ship');
    expect(order.lines.map((line) => line.refund)).toEqual([refund, 'none']);
  });

  it('does not ship a line that is cancelled inside a living order', () => {
    const text = doudianOrderText({ lines: [{ order_status: 4 }, { order_id: '3' }] });
    expect(mapDoudianOrder(text).lines.map((line) => line.refund)).toEqual(['succeeded', 'none']);
  });

  it.each([
    ['amount', { order: { pay_amount: '12.30' } }, 'data.shop_order_detail.pay_amount'],
    ['quantity', { lines: [{ item_num: 0 }] }, 'data.shop_order_detail.sku_order_list.0.item_num'],
    ['list of lines', { lines: [] }, 'data.shop_order_detail.sku_order_list'],
  ])('keeps an order with an unreadable %s aside, naming the field', (_what, sample, field) => {
    expect(thrownBy(() => mapDoudianOrder(doudianOrderText(sample)))).toMatchObject({
      code: 'ORDER_UNREADABLE',
      facts: { field },
    });
  });
});
