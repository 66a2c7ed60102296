import type { Order, OrderLine } from '../order';

/** The deposit of a presale that is paid leaves the trade waiting: only the step tells. */
export function tradeStatus(order: Order): string {
  switch (order.status) {
    case 'unpaid':
    case 'deposit-paid':
      return 'WAIT_BUYER_PAY';
    case 'must-not-ship':
      return 'PAID_FORBID_CONSIGN';
    case 'to-ship':
      return 'WAIT_SELLER_SEND_GOODS';
    case 'shipped':
      return 'WAIT_BUYER_CONFIRM_GOODS';
    case 'closed-unpaid':
      return 'TRADE_CLOSED_BY_TAOBAO';
    case 'closed-refunded':
      return 'TRADE_CLOSED';
  }
}

export function stepTradeStatus(order: Order): string | undefined {
  if (!order.depositPresale) return undefined;
  if (order.paidAtMs !== null) return 'FRONT_PAID_FINAL_PAID';
  if (order.depositPaidAtMs === null) return 'FRONT_NOPAID_FINAL_NOPAID';
  return order.status === 'closed-unpaid' ? 'FRONT_PAID_FRONT_FORFEITED' : 'FRONT_PAID_FINAL_NOPAID';
}

export function lineStatus(order: Order, line: OrderLine): string {
  return line.refund === 'agreed' ? 'TRADE_CLOSED' : tradeStatus(order);
}

export function refundStatus(line: OrderLine): string {
  switch (line.refund) {
    case 'none':
      return 'NO_REFUND';
    case 'requested':
      return 'WAIT_SELLER_AGREE';
    case 'agreed':
      return 'SUCCESS';
    case 'refused':
      // Refusing and the buyer giving up are one step here.
      return 'CLOSED';
  }
}
