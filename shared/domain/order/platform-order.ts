/** A sales platform 平台 with an API. Adding one is a folder under `shared/adapters/channels/`. */
export type ChannelId = 'taobao' | 'doudian';

/**
 * Where a trade stands, in the words that decide something for us. 'paid' is not 'may ship': a paid order may still be
 * forming a group, under risk review, or waiting for the final payment of a presale.
 */
export type PlatformOrderStatus =
  | 'unpaid'
  | 'paid-do-not-ship'
  | 'to-ship'
  | 'part-shipped'
  | 'shipped'
  | 'finished'
  | 'closed';

/** How far a trade has come. Decides between two versions with the same modified time (platforms count seconds). */
export const STATUS_RANK: Record<PlatformOrderStatus, number> = {
  unpaid: 0,
  'paid-do-not-ship': 1,
  'to-ship': 2,
  'part-shipped': 3,
  shipped: 4,
  finished: 5,
  closed: 6,
};

/** Refund 退款 of one line: a trade stays 'to-ship' while one of its lines is under refund. */
export type LineRefund = 'none' | 'in-progress' | 'succeeded';

/** Deposit presale 定金预售: which parts are paid. A presale of stock that ships later is `presale` on the line. */
export type DepositPhase = 'none' | 'nothing-paid' | 'deposit-paid' | 'all-paid' | 'forfeited';

export interface PlatformOrderLine {
  /** Platform's sub-order number (oid); where a platform has none, derived from order and SKU. Text: exceeds 2^53. */
  readonly lineNo: string;
  readonly itemId: string;
  /** null for an item that has no SKUs of its own. */
  readonly platformSkuId: string | null;
  /** 商家编码 of the SKU, else of the item: our SKU id where the seller keeps it so. */
  readonly merchantCode: string | null;
  readonly title: string;
  readonly quantity: number;
  readonly unitPriceFen: number;
  /** Paid for this line after sharing out order-level discounts, freight left out. */
  readonly paidFen: number;
  readonly gift: boolean;
  readonly presale: boolean;
  readonly refund: LineRefund;
}

/** Masked by the platform and kept as it came; `token` compares and merges addresses, the text never does. */
export interface Receiver {
  readonly name: string;
  readonly phone: string;
  readonly province: string;
  readonly city: string;
  readonly district: string;
  readonly address: string;
  readonly token: string;
}

/** A platform order 平台订单 (淘宝订单接口), read from what the platform sent. Times are epoch ms, money is fen. */
export interface PlatformOrder {
  readonly channel: ChannelId;
  readonly orderNo: string;
  readonly status: PlatformOrderStatus;
  /** The platform's own word or number, for people. */
  readonly platformStatus: string;
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
  readonly paidAtMs: number | null;
  /** Whether the platform takes pieces off its shelf when the order is made, or when it is paid. */
  readonly stockTakenAt: 'order' | 'payment';
  readonly deposit: DepositPhase;
  /** Paid or payable by the buyer, freight included. */
  readonly payableFen: number;
  readonly freightFen: number;
  readonly buyerMemo: string;
  readonly sellerMemo: string;
  readonly buyerNick: string;
  readonly receiver: Receiver;
  readonly lines: readonly PlatformOrderLine[];
}

/** True where the buyer gets nothing of it any more. */
export function isOver(order: Pick<PlatformOrder, 'status' | 'deposit'>): boolean {
  return order.status === 'closed' || order.deposit === 'forfeited';
}

/** True once the buyer's pieces are off the platform's shelf and the order still lives: we hold stock for it. */
export function takesStock(order: PlatformOrder): boolean {
  if (isOver(order)) return false;
  return order.stockTakenAt === 'order' || order.status !== 'unpaid';
}

/** True when the platform says that the order is paid in full. */
export function isPaid(order: Pick<PlatformOrder, 'status' | 'deposit' | 'paidAtMs'>): boolean {
  if (order.deposit === 'nothing-paid' || order.deposit === 'deposit-paid') return false;
  return order.paidAtMs !== null && order.status !== 'unpaid';
}

/**
 * True where version `next` of an order may replace `held`: later by the platform's modified time, or, within the same
 * second, at least as far in its life. Updates may arrive in any order.
 */
export function supersedes(
  next: { modifiedAtMs: number; status: PlatformOrderStatus },
  held: { modifiedAtMs: number; status: PlatformOrderStatus },
): boolean {
  if (next.modifiedAtMs !== held.modifiedAtMs) return next.modifiedAtMs > held.modifiedAtMs;
  return STATUS_RANK[next.status] >= STATUS_RANK[held.status];
}
