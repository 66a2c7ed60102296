import type { AuditLimits, AuditRule } from '../../../../shared/domain/order/audit-rules';
import { AUDIT_RULES } from '../../../../shared/domain/order/audit-rules';
import type { DeliveryOrder } from '../../../../shared/domain/order/delivery-order';
import { present } from '../fixed-runs';
import { allocated, MINUTE, platformLine, platformOrder, SECOND, T } from './samples';

const NONE: AuditLimits = {
  buyerMemo: 'any',
  sellerMemo: 'any',
  amountFenMax: null,
  quantityMax: null,
  minutesSincePayment: 0,
};

const rule = (id: string): AuditRule => present(AUDIT_RULES.find((candidate) => candidate.id === id));

/** The stop's text, or 'passes'. */
function answer(id: string, order: DeliveryOrder, limits: Partial<AuditLimits> = {}, nowMs = T + SECOND): string {
  return rule(id).check(order, { ...NONE, ...limits }, nowMs)?.text ?? 'passes';
}

const withPlatform = (fields: Partial<DeliveryOrder['platform']>): DeliveryOrder => {
  const order = allocated();
  return { ...order, platform: { ...order.platform, ...fields } };
};

describe('hard rules', () => {
  it('are those of closing, payment, permission, refund, mapping and stock, and no other', () => {
    expect(AUDIT_RULES.filter(({ hard }) => hard).map(({ id }) => id)).toEqual([
      'not-closed',
      'paid',
      'may-ship',
      'no-refund',
      'lines-mapped',
      'lines-held',
    ]);
  });

  it('have ids of their own', () => {
    expect(new Set(AUDIT_RULES.map(({ id }) => id)).size).toBe(AUDIT_RULES.length);
  });

  it('stop an order that the platform has closed', () => {
    expect(answer('not-closed', withPlatform({ status: 'to-ship' }))).toBe('passes');
    expect(answer('not-closed', withPlatform({ status: 'closed' }))).toBe('平台订单已关闭');
  });

  it('stop an order that is not paid in full', () => {
    const unpaid = '买家未付款（含预售尾款）';
    expect(answer('paid', withPlatform({}))).toBe('passes');
    expect(answer('paid', withPlatform({ deposit: 'all-paid' }))).toBe('passes');
    expect(answer('paid', withPlatform({ deposit: 'deposit-paid' }))).toBe(unpaid);
    expect(answer('paid', withPlatform({ status: 'unpaid' }))).toBe(unpaid);
    expect(answer('paid', withPlatform({ paidAtMs: null }))).toBe(unpaid);
  });

  it('stop a paid order that the platform does not let go yet', () => {
    expect(answer('may-ship', withPlatform({}))).toBe('passes');
    expect(answer('may-ship', withPlatform({ status: 'paid-do-not-ship' }))).toBe(
      '平台尚未允许发货（成团、风控或预售）',
    );
  });

  it('stop an order with a refund in progress, naming the SKUs, and let one with a finished refund go on', () => {
    const lines = [
      platformLine({ lineNo: '1' }),
      platformLine({ lineNo: '2', merchantCode: 'CAP', refund: 'in-progress' }),
      platformLine({ lineNo: '3', merchantCode: 'BAG', refund: 'in-progress' }),
    ];
    expect(answer('no-refund', allocated(platformOrder({ lines })))).toBe('退款处理中：CAP、BAG');
    const over = lines.map((line) => (line.refund === 'none' ? line : { ...line, refund: 'succeeded' as const }));
    expect(answer('no-refund', allocated(platformOrder({ lines: over })))).toBe('passes');
  });

  it('stop an order that holds a piece too few, a piece too many, or has a movement on its way', () => {
    const order = allocated(platformOrder({ lines: [platformLine({ quantity: 2 })] }));
    const [hold] = order.holds;
    const held = present(hold);
    const intent = { id: 'x', kind: 'release', qty: 1, seenNumber: 0, warehouseId: 'SH-1', skuId: 'TEE' } as const;
    expect(answer('lines-held', order)).toBe('passes');
    expect(answer('lines-held', { ...order, holds: [{ ...held, heldQty: 1 }] })).toBe('库存未占用：TEE');
    expect(answer('lines-held', { ...order, holds: [{ ...held, heldQty: 3 }] })).toBe('库存未占用：TEE');
    expect(answer('lines-held', { ...order, holds: [{ ...held, intent }] })).toBe('库存未占用：TEE');
  });
});

describe('limits of a strategy', () => {
  it('stop a memo of the buyer or the seller only where the strategy wants them empty', () => {
    expect(answer('buyer-memo', withPlatform({ buyerMemo: '改地址' }), { buyerMemo: 'empty' })).toBe('有买家留言');
    expect(answer('buyer-memo', withPlatform({ buyerMemo: '改地址' }), { buyerMemo: 'any' })).toBe('passes');
    expect(answer('buyer-memo', withPlatform({ buyerMemo: '' }), { buyerMemo: 'empty' })).toBe('passes');
    expect(answer('seller-memo', withPlatform({ sellerMemo: '老客户' }), { sellerMemo: 'empty' })).toBe('有卖家备注');
    expect(answer('seller-memo', withPlatform({ sellerMemo: '老客户' }), { sellerMemo: 'any' })).toBe('passes');
    expect(answer('seller-memo', withPlatform({ sellerMemo: '' }), { sellerMemo: 'empty' })).toBe('passes');
  });

  it('let an order of exactly the largest amount pass, and stop one fen more', () => {
    expect(answer('amount-limit', withPlatform({ payableFen: 50_000 }), { amountFenMax: 50_000 })).toBe('passes');
    expect(answer('amount-limit', withPlatform({ payableFen: 50_001 }), { amountFenMax: 50_000 })).toBe(
      '金额 ¥500.01 超过上限 ¥500.00',
    );
    expect(answer('amount-limit', withPlatform({ payableFen: 9_999_999 }), { amountFenMax: null })).toBe('passes');
  });

  it('stop even the smallest amount where the limit is nothing', () => {
    expect(answer('amount-limit', withPlatform({ payableFen: 1 }), { amountFenMax: 0 })).not.toBe('passes');
  });

  it('count pieces over all lines: 3 + 2 is 5', () => {
    const lines = [platformLine({ lineNo: '1', quantity: 3 }), platformLine({ lineNo: '2', quantity: 2 })];
    const order = allocated(platformOrder({ lines }));
    expect(answer('quantity-limit', order, { quantityMax: 5 })).toBe('passes');
    expect(answer('quantity-limit', order, { quantityMax: 4 })).toBe('件数 5 超过上限 4');
    expect(answer('quantity-limit', order, { quantityMax: null })).toBe('passes');
  });

  it('wait the stated minutes after payment, to the millisecond, and say when to look again', () => {
    // Paid at 14:00:00; 30 minutes later it is 14:30:00.
    const { check } = rule('minutes-since-payment');
    const limits = { ...NONE, minutesSincePayment: 30 };
    expect(check(withPlatform({}), limits, T + 30 * MINUTE - 1)).toEqual({
      text: '付款未满 30 分钟，2026-03-08 14:30:00 后再审',
      againAtMs: T + 30 * MINUTE,
    });
    expect(check(withPlatform({}), limits, T + 30 * MINUTE)).toBeUndefined();
  });

  it('leave the wait to the rule of payment where nothing is paid', () => {
    expect(answer('minutes-since-payment', withPlatform({ paidAtMs: null }), { minutesSincePayment: 30 })).toBe(
      'passes',
    );
  });

  it('wait for nothing where no minutes are stated, though the clock of the platform is ahead of ours', () => {
    expect(answer('minutes-since-payment', withPlatform({ paidAtMs: T }), {}, T - 3 * SECOND)).toBe('passes');
  });
});

describe('an order that somebody has shipped on the platform', () => {
  it.each([
    ['to-ship', 'passes'],
    ['part-shipped', '平台已部分发货，请核对'],
    ['shipped', '平台已发货，请核对'],
    ['finished', '平台已发货，请核对'],
  ] as const)('%s: %s', (status, expected) => {
    expect(answer('not-shipped', withPlatform({ status }))).toBe(expected);
  });
});
