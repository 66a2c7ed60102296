import {
  type DepositPhase,
  type LineRefund,
  type PlatformOrder,
  type PlatformOrderLine,
  type PlatformOrderStatus,
  type Receiver,
  STATUS_RANK,
} from '../../../domain/order/platform-order';
import { AppError } from '../../../errors';
import { readOrderShape } from '../order-shape';
import { type DoudianLine, type DoudianOrder, orderAnswer } from './order-shape';

/**
 * Order status 订单状态. Source: op.jinritemai.com, order.orderDetail. 105 is 'paid' before it is released to be shipped
 * (2, 备货中): not to be shipped yet, which is an inference of ours.
 */
const STATUS: ReadonlyMap<number, PlatformOrderStatus> = new Map([
  [1, 'unpaid'],
  [105, 'paid-do-not-ship'],
  [2, 'to-ship'],
  [101, 'part-shipped'],
  [3, 'shipped'],
  [5, 'finished'],
  [4, 'closed'],
]);

const CLOSED = 4;
/** `main_status` of an order of which a part is paid. */
const PART_PAID = 103;
const DEPOSIT_TRADE = 2;
const REDUCED_AT_PAYMENT = 2;

const STATUS_AT_MOST: Partial<Record<DepositPhase, PlatformOrderStatus>> = {
  'nothing-paid': 'unpaid',
  'deposit-paid': 'paid-do-not-ship',
};

/** Reads what `order.orderDetail` answers. Ids from the text fields or the number's digits; money is fen already. */
export function mapDoudianOrder(rawText: string): PlatformOrder {
  const order = readOrderShape('doudian', rawText, orderAnswer).data.shop_order_detail;
  const lines = order.sku_order_list;
  const deposit = depositOf(order);
  const status = statusOf(order, deposit);
  const freightInLines = linesCarryFreight(order);
  return {
    channel: 'doudian',
    orderNo: order.order_id,
    status,
    platformStatus: String(order.order_status),
    createdAtMs: order.create_time * 1000,
    modifiedAtMs: order.update_time * 1000,
    paidAtMs: order.pay_time > 0 ? order.pay_time * 1000 : null,
    // One line that waits for payment makes the order wait: pieces are taken for all lines together or not at all.
    stockTakenAt: lines.some((line) => line.reduce_stock_type === REDUCED_AT_PAYMENT) ? 'payment' : 'order',
    deposit,
    payableFen: order.pay_amount,
    freightFen: order.post_amount,
    buyerMemo: order.buyer_words,
    sellerMemo: order.seller_words,
    // No nick is sent; the opaque id at least tells one buyer from another.
    buyerNick: order.doudian_open_id,
    receiver: receiverOf(order),
    lines: lines.map((line) => mapLine(line, status, freightInLines)),
  };
}

function statusOf(order: DoudianOrder, deposit: DepositPhase): PlatformOrderStatus {
  const status = STATUS.get(order.order_status);
  if (!status) {
    const reason = `unknown order_status: ${order.order_status}`;
    throw new AppError('ORDER_UNREADABLE', {
      channel: 'doudian',
      orderNo: order.order_id,
      field: 'order_status',
      reason,
    });
  }
  const limit = STATUS_AT_MOST[deposit];
  // Only an order that claims to be ready is held back: what is shipped or closed is so whatever the presale says.
  return status === 'to-ship' && limit && STATUS_RANK[limit] < STATUS_RANK[status] ? limit : status;
}

/**
 * Deposit presale 定金预售 (trade_type 2): phase 1 is the deposit, phase 2 the rest. Where the phases are left out, the
 * order's status tells as much as it can; 105 then counts as the deposit, since the rest would release the order.
 */
function depositOf(order: DoudianOrder): DepositPhase {
  const phases = order.order_phase_list ?? [];
  if (phases.length === 0 && !order.sku_order_list.some((line) => line.trade_type === DEPOSIT_TRADE)) return 'none';
  if (phases.length > 0) {
    const last = Math.max(2, ...phases.map((phase) => phase.current_phase));
    const paid = (number: number): boolean => {
      const ofNumber = phases.filter((phase) => phase.current_phase === number);
      return ofNumber.length > 0 && ofNumber.every((phase) => phase.pay_success === true || phase.phase_pay_time > 0);
    };
    if (!paid(1)) return 'nothing-paid';
    return paid(last) ? 'all-paid' : 'deposit-paid';
  }
  if (order.main_status === PART_PAID || order.order_status === 105) return 'deposit-paid';
  if (order.order_status === 1 || (order.order_status === CLOSED && order.pay_time === 0)) return 'nothing-paid';
  return 'all-paid';
}

/**
 * Whether `pay_amount` of the lines holds the lines' share of freight is not documented; the order tells by its sums.
 * It matters because a line's `paidFen` leaves freight out.
 */
function linesCarryFreight(order: DoudianOrder): boolean {
  const lines = order.sku_order_list;
  const paidFen = lines.reduce((sum, line) => sum + line.pay_amount, 0);
  const freightFen = lines.reduce((sum, line) => sum + line.post_amount, 0);
  return order.post_amount > 0 && freightFen === order.post_amount && paidFen === order.pay_amount;
}

function mapLine(line: DoudianLine, status: PlatformOrderStatus, freightInLines: boolean): PlatformOrderLine {
  return {
    lineNo: line.order_id,
    itemId: line.product_id_str || line.product_id,
    platformSkuId: presentId(line.sku_id),
    merchantCode: line.code || presentId(line.out_sku_id),
    title: line.product_name,
    quantity: line.item_num,
    unitPriceFen: line.origin_amount,
    paidFen: Math.max(0, line.pay_amount - (freightInLines ? line.post_amount : 0)),
    gift: line.given_product_type === 'FREE',
    // 1: paid in full, ships later (全款预售); 2: ships in steps (阶梯发货).
    presale: line.pre_sale_type === 1 || line.pre_sale_type === 2,
    refund: refundOf(line, status),
  };
}

/** The platform writes 0 for an id that was never set. */
function presentId(id: string): string | null {
  return id === '' || id === '0' ? null : id;
}

/** After-sale types that give no money back for the goods: exchange 换货, price protection 价保, resending 补寄. */
const GOODS_STAY = new Set([3, 6, 7]);
/** 27 refused, 28 failed or withdrawn, 29 return refused, 14 exchange or resending done. */
const AFTER_SALE_OVER = new Set([14, 27, 28, 29]);
/** 12 after-sale succeeded, 51 cancellation succeeded, 53 reverse trade done. */
const AFTER_SALE_SUCCEEDED = new Set([12, 51, 53]);
const REFUND_SUCCEEDED = 3;

/**
 * Refund of a line. Under way are 6 (applied), 7 (buyer sends back), 8, 11 (sent back), 13, and every number that we do
 * not know: the line waits and a person looks. A buyer who withdraws leaves 28 behind with `refund_status` still 1
 * (waiting), so the after-sale's status decides and `refund_status` only confirms success (3). A price protection pays a
 * difference and must stop nothing. A line that is closed inside a living order must not be shipped either.
 *
 * Source: op.jinritemai.com, order.orderDetail, after_sale_info; 8 is general knowledge from the after-sale list.
 */
function refundOf(line: DoudianLine, status: PlatformOrderStatus): LineRefund {
  if (line.order_status === CLOSED && status !== 'closed') return 'succeeded';
  const sale = line.after_sale_info;
  if (!sale || (sale.after_sale_status === 0 && sale.refund_status !== REFUND_SUCCEEDED)) return 'none';
  const ended = AFTER_SALE_SUCCEEDED.has(sale.after_sale_status) || sale.refund_status === REFUND_SUCCEEDED;
  if (GOODS_STAY.has(sale.after_sale_type)) {
    const waiting = sale.after_sale_type === 3 && !ended && !AFTER_SALE_OVER.has(sale.after_sale_status);
    return waiting ? 'in-progress' : 'none';
  }
  if (ended) return 'succeeded';
  return AFTER_SALE_OVER.has(sale.after_sale_status) ? 'none' : 'in-progress';
}

function receiverOf(order: DoudianOrder): Receiver {
  const address = order.mask_post_addr;
  return {
    name: order.mask_post_receiver,
    phone: order.mask_post_tel,
    province: address?.province ?? '',
    city: address?.city ?? '',
    district: address?.town ?? '',
    address: [address?.street, address?.detail].filter(Boolean).join(''),
    token: order.open_address_id,
  };
}
