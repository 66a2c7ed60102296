import type { SentMessage } from './messages/message';

export type OrderStatus =
  | 'unpaid'
  | 'deposit-paid'
  | 'must-not-ship'
  | 'to-ship'
  | 'shipped'
  | 'closed-unpaid'
  | 'closed-refunded';

type RefundState = 'none' | 'requested' | 'agreed' | 'refused';

export interface OrderLine {
  /** the platform's own id of the line (oid / sub-order id) */
  readonly lineNo: string;
  readonly itemId: string;
  readonly skuId: string | null;
  readonly itemCode: string;
  readonly skuCode: string;
  readonly itemTitle: string;
  readonly skuTitle: string;
  readonly priceFen: number;
  readonly quantity: number;
  readonly gift: boolean;
  refund: RefundState;
  refundId: string | null;
}

/** What is shown of a receiver in place of what would be made up. */
export interface ShownReceiver {
  readonly name: string;
  readonly phone: string;
  readonly address: string;
}

export interface Order {
  readonly orderNo: string;
  readonly lines: readonly OrderLine[];
  readonly depositPresale: boolean;
  readonly mayShip: boolean;
  readonly buyerNick: string;
  readonly receiver?: ShownReceiver;
  readonly buyerMemo: string;
  readonly createdAtMs: number;
  status: OrderStatus;
  sellerMemo: string;
  sellerFlag: number;
  modifiedAtMs: number;
  /** counts the changes of the whole shop, so that two changes in one millisecond still have an order */
  changeNo: number;
  depositPaidAtMs: number | null;
  paidAtMs: number | null;
  shippedAtMs: number | null;
  closedAtMs: number | null;
  readonly messages: SentMessage[];
}

/** What just happened to an order; each channel words it in its own messages. */
export type OrderEvent =
  | { readonly kind: 'created' | 'deposit-paid' | 'paid' | 'released' | 'shipped' | 'memo-changed' }
  | { readonly kind: 'closed-unpaid' | 'closed-refunded' }
  | { readonly kind: 'refund-requested' | 'refund-refused'; readonly line: OrderLine }
  | { readonly kind: 'refund-agreed'; readonly line: OrderLine; readonly byCancel: boolean };

/** Gifts cost nothing. */
export function linePaymentFen(line: OrderLine): number {
  return line.gift ? 0 : line.priceFen * line.quantity;
}

export function listPriceFen(order: Order): number {
  return order.lines.reduce((sum, line) => sum + line.priceFen * line.quantity, 0);
}

export function totalFen(order: Order): number {
  return order.lines.reduce((sum, line) => sum + linePaymentFen(line), 0);
}

/** The first payment of a deposit presale: a fifth, rounded down to whole fen. */
export function depositFen(order: Order): number {
  return Math.floor(totalFen(order) / 5);
}

export function paidFen(order: Order): number {
  if (order.paidAtMs !== null) return totalFen(order);
  return order.depositPaidAtMs === null ? 0 : depositFen(order);
}

export function isClosed(order: Order): boolean {
  return order.status === 'closed-unpaid' || order.status === 'closed-refunded';
}
