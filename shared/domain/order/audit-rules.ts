import { shanghaiText } from '../kernel/time';
import { yuanText } from '../kernel/money';
import type { DeliveryOrder } from './delivery-order';
import { isPaid } from './platform-order';

/**
 * Limits of an auto-audit strategy 订单自动审核. null switches a limit off. Memos are 'empty' (any memo stops the order
 * for a person to read) or 'any'.
 */
export interface AuditLimits {
  readonly buyerMemo: 'empty' | 'any';
  readonly sellerMemo: 'empty' | 'any';
  readonly amountFenMax: number | null;
  readonly quantityMax: number | null;
  /** Waits so long after payment, while buyers still change their minds. */
  readonly minutesSincePayment: number;
}

/** A rule's answer: undefined passes. `againAtMs` is set where time alone may pass it. */
export interface RuleStop {
  readonly text: string;
  readonly againAtMs?: number;
}

/**
 * One audit rule: facts in, answer out. A `hard` rule cannot be overridden by a person, since shipping would be wrong
 * whatever anyone thinks. To add a rule, add it here: nothing else knows the list.
 */
export interface AuditRule {
  readonly id: string;
  readonly hard: boolean;
  readonly check: (order: DeliveryOrder, limits: AuditLimits, nowMs: number) => RuleStop | undefined;
}

const pieces = (order: DeliveryOrder): number => order.lines.reduce((sum, line) => sum + line.quantity, 0);

export const AUDIT_RULES: readonly AuditRule[] = [
  {
    id: 'not-closed',
    hard: true,
    check: (order) => (order.platform.status === 'closed' ? { text: '平台订单已关闭' } : undefined),
  },
  {
    id: 'paid',
    hard: true,
    check: (order) => (isPaid(order.platform) ? undefined : { text: '买家未付款（含预售尾款）' }),
  },
  {
    id: 'may-ship',
    hard: true,
    check: (order) =>
      order.platform.status === 'paid-do-not-ship' ? { text: '平台尚未允许发货（成团、风控或预售）' } : undefined,
  },
  {
    id: 'no-refund',
    hard: true,
    check: (order) => {
      const refunding = order.lines.filter((line) => line.refund === 'in-progress');
      return refunding.length > 0 ? { text: `退款处理中：${refunding.map((l) => l.skuId).join('、')}` } : undefined;
    },
  },
  {
    id: 'lines-mapped',
    hard: true,
    check: (order) => (order.unmapped.length > 0 ? { text: `商品未匹配：${order.unmapped.join('、')}` } : undefined),
  },
  {
    id: 'lines-held',
    hard: true,
    check: (order) => {
      const open = order.holds.filter((hold) => hold.intent !== null || hold.heldQty !== hold.wantedQty);
      return open.length > 0 ? { text: `库存未占用：${open.map((h) => h.skuId).join('、')}` } : undefined;
    },
  },
  {
    // Soft: whoever takes what has left the house off its stock audits and ships the order here, or cancels it.
    id: 'not-shipped',
    hard: false,
    check: ({ platform: { status } }) => {
      if (status === 'part-shipped') return { text: '平台已部分发货，请核对' };
      return status === 'shipped' || status === 'finished' ? { text: '平台已发货，请核对' } : undefined;
    },
  },
  {
    id: 'buyer-memo',
    hard: false,
    check: (order, limits) =>
      limits.buyerMemo === 'empty' && order.platform.buyerMemo !== '' ? { text: '有买家留言' } : undefined,
  },
  {
    id: 'seller-memo',
    hard: false,
    check: (order, limits) =>
      limits.sellerMemo === 'empty' && order.platform.sellerMemo !== '' ? { text: '有卖家备注' } : undefined,
  },
  {
    id: 'amount-limit',
    hard: false,
    check: (order, limits) =>
      limits.amountFenMax !== null && order.platform.payableFen > limits.amountFenMax
        ? { text: `金额 ${yuanText(order.platform.payableFen)} 超过上限 ${yuanText(limits.amountFenMax)}` }
        : undefined,
  },
  {
    id: 'quantity-limit',
    hard: false,
    check: (order, limits) =>
      limits.quantityMax !== null && pieces(order) > limits.quantityMax
        ? { text: `件数 ${pieces(order)} 超过上限 ${limits.quantityMax}` }
        : undefined,
  },
  {
    id: 'minutes-since-payment',
    hard: false,
    check: (order, limits, nowMs) => {
      // 0 waits for nothing, also where the platform's clock is ahead of ours.
      if (order.platform.paidAtMs === null || limits.minutesSincePayment === 0) return undefined;
      const againAtMs = order.platform.paidAtMs + limits.minutesSincePayment * 60_000;
      return nowMs < againAtMs
        ? { text: `付款未满 ${limits.minutesSincePayment} 分钟，${shanghaiText(againAtMs)} 后再审`, againAtMs }
        : undefined;
    },
  },
];
