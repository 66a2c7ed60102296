import type { Conversion } from '../../../../shared/domain/order/convert-order';
import { convertOrder, resolveLines } from '../../../../shared/domain/order/convert-order';
import type { PlatformOrder } from '../../../../shared/domain/order/platform-order';
import { byMerchantCode, converted, platformLine, platformOrder, T, WAREHOUSE } from './samples';

const convert = (order: PlatformOrder): Conversion =>
  convertOrder(order, { shopId: 'tmall-1', warehouseId: WAREHOUSE, skuOf: byMerchantCode, nowMs: T });

describe('document conversion', () => {
  it('makes a delivery order that says what the platform order says, with its first log line', () => {
    const order = platformOrder({ payableFen: 10_700, freightFen: 800, buyerMemo: '周五前送到' });
    expect(convert(order)).toEqual({
      kind: 'converted',
      order: {
        id: 'tmall-1#88001',
        channel: 'taobao',
        shopId: 'tmall-1',
        orderNo: '88001',
        warehouseId: 'SH-1',
        status: 'pending-allocation',
        goal: 'hold',
        lines: [
          {
            lineNo: '1',
            itemId: '654321',
            platformSkuId: '4711',
            skuId: 'TEE',
            title: '纯棉短袖T恤',
            quantity: 1,
            unitPriceFen: 9900,
            paidFen: 9900,
            gift: false,
            presale: false,
            refund: 'none',
          },
        ],
        unmapped: [],
        holds: [{ skuId: 'TEE', wantedQty: 1, heldQty: 0, attempt: 0, intent: null, lacking: false }],
        platform: {
          status: 'to-ship',
          modifiedAtMs: T,
          createdAtMs: T,
          paidAtMs: T,
          deposit: 'none',
          payableFen: 10_700,
          freightFen: 800,
          buyerMemo: '周五前送到',
          sellerMemo: '',
          buyerNick: '小**',
          receiver: order.receiver,
        },
        audit: null,
        createdAtMs: T,
        log: [
          {
            no: 1,
            type: '单据转换',
            content: '平台订单 88001 转换为零售发货单，1 行，应收 ¥107.00',
            actor: { kind: 'system', id: 'document-conversion' },
            atMs: T,
            status: 'pending-allocation',
          },
        ],
      },
    });
  });

  it('gives the same document when it is run again', () => {
    expect(convert(platformOrder())).toEqual(convert(platformOrder()));
  });

  it('keeps two lines of one SKU as lines, and wants their sum', () => {
    const order = converted(
      platformOrder({
        lines: [
          platformLine({ lineNo: '1', quantity: 2 }),
          platformLine({ lineNo: '2', merchantCode: 'CAP' }),
          platformLine({ lineNo: '3', quantity: 3, gift: true, paidFen: 0 }),
        ],
      }),
    );
    expect(order.lines.map((line) => [line.lineNo, line.skuId, line.quantity])).toEqual([
      ['1', 'TEE', 2],
      ['2', 'CAP', 1],
      ['3', 'TEE', 3],
    ]);
    // TEE: 2 + 3 = 5
    expect(order.holds.map((hold) => [hold.skuId, hold.wantedQty])).toEqual([
      ['TEE', 5],
      ['CAP', 1],
    ]);
  });

  it('keeps a refunded line and wants no stock for it', () => {
    const order = converted(
      platformOrder({
        lines: [
          platformLine({ lineNo: '1' }),
          platformLine({ lineNo: '2', merchantCode: 'CAP', refund: 'succeeded' }),
          platformLine({ lineNo: '3', merchantCode: 'BAG', refund: 'in-progress' }),
        ],
      }),
    );
    expect(order.lines).toHaveLength(3);
    expect(order.holds.map((hold) => hold.skuId)).toEqual(['TEE', 'BAG']);
  });

  it('parks an order with items that are no SKU of ours, naming only those', () => {
    const unknown = platformLine({ lineNo: '2', itemId: '999', merchantCode: null });
    expect(convert(platformOrder({ lines: [platformLine(), unknown] }))).toEqual({
      kind: 'unmapped',
      lines: [unknown],
    });
  });

  it.each([
    ['closed', 'closed'],
    ['shipped', 'shipped-elsewhere'],
    ['finished', 'shipped-elsewhere'],
    ['unpaid', 'not-due'],
  ] as const)('makes nothing of an order that is %s: %s', (status, kind) => {
    expect(convert(platformOrder({ status }))).toEqual({ kind });
  });

  it('converts an unpaid order where the platform reduces its stock when the order is made', () => {
    expect(convert(platformOrder({ status: 'unpaid', paidAtMs: null, stockTakenAt: 'order' })).kind).toBe('converted');
  });

  it('says closed rather than unmapped, since nobody needs to map the items of a closed order', () => {
    expect(convert(platformOrder({ status: 'closed', lines: [platformLine({ merchantCode: null })] })).kind).toBe(
      'closed',
    );
  });
});

describe('lines in our SKUs', () => {
  it('resolves by what the caller knows, and tells the unmapped ones apart in their order', () => {
    const order = platformOrder({
      lines: [
        platformLine({ lineNo: '1', itemId: 'a' }),
        platformLine({ lineNo: '2', itemId: 'b' }),
        platformLine({ lineNo: '3', itemId: 'c' }),
      ],
    });
    const { lines, unmapped } = resolveLines(order, (line) => (line.itemId === 'b' ? 'CAP' : undefined));
    expect(lines.map((line) => [line.lineNo, line.skuId])).toEqual([['2', 'CAP']]);
    expect(unmapped.map((line) => line.lineNo)).toEqual(['1', '3']);
  });
});
