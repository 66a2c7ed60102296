import type { Order, OrderLine } from '../order';

export function orderStatus(order: Order): number {
  switch (order.status) {
    case 'unpaid':
    case 'deposit-paid':
      return 1;
    case 'must-not-ship':
      return 105;
    case 'to-ship':
      return 2;
    case 'shipped':
      return 3;
    case 'closed-unpaid':
    case 'closed-refunded':
      return 4;
  }
}

/** Tells more than `order_status` where a deposit is paid (103) or a paid order was refunded (21, 22). */
export function mainStatus(order: Order): number {
  if (order.status === 'deposit-paid') return 103;
  if (order.status === 'closed-refunded') return order.shippedAtMs === null ? 21 : 22;
  return orderStatus(order);
}

const STATUS_TEXT = new Map([
  [1, '待支付'],
  [2, '待发货'],
  [3, '已发货'],
  [4, '已关闭'],
  [21, '发货前退款完结'],
  [22, '发货后退款完结'],
  [103, '部分支付'],
  [105, '已支付'],
]);

export function statusText(status: number): string {
  return STATUS_TEXT.get(status) ?? '';
}

export function lineStatus(order: Order, line: OrderLine): number {
  return line.refund === 'agreed' ? 4 : orderStatus(order);
}

export interface AfterSale {
  /** 6 asked for, 12 succeeded, 28 failed or closed, 0 none */
  readonly status: number;
  /** 2 refund before shipping, 1 refund only after shipping */
  readonly type: number;
  /** 1 to refund, 3 refunded, 4 refund failed, 0 none */
  readonly refundStatus: number;
}

export function afterSaleOf(order: Order, line: OrderLine): AfterSale {
  const type = order.shippedAtMs === null ? 2 : 1;
  switch (line.refund) {
    case 'none':
      return { status: 0, type: 0, refundStatus: 0 };
    case 'requested':
      return { status: 6, type, refundStatus: 1 };
    case 'agreed':
      return { status: 12, type, refundStatus: 3 };
    case 'refused':
      return { status: 28, type, refundStatus: 4 };
  }
}
