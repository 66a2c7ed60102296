import {
  type DepositPhase,
  type LineRefund,
  type PlatformOrder,
  type PlatformOrderLine,
  type PlatformOrderStatus,
  STATUS_RANK,
} from '../../../domain/order/platform-order';
import { AppError } from '../../../errors';
import { readOrderShape } from '../order-shape';
import { type TaobaoLine, type TaobaoTrade, tradeAnswer } from './trade-shape';

/** Trade status 交易状态. Source: open.taobao.com, trade status. Paid is not 'may ship': PAID_FORBID_CONSIGN. */
const STATUS: ReadonlyMap<string, PlatformOrderStatus> = new Map([
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
]);

const DEPOSIT: ReadonlyMap<string, DepositPhase> = new Map([
  ['', 'none'],
  ['FRONT_NOPAID_FINAL_NOPAID', 'nothing-paid'],
  ['FRONT_PAID_FINAL_NOPAID', 'deposit-paid'],
  ['FRONT_PAID_FINAL_PAID', 'all-paid'],
  ['FRONT_PAID_FRONT_FORFEITED', 'forfeited'],
]);

/** How far a trade may be said to have come while its deposit presale stands there. */
const STATUS_AT_MOST: Partial<Record<DepositPhase, PlatformOrderStatus>> = {
  'nothing-paid': 'unpaid',
  'deposit-paid': 'paid-do-not-ship',
  forfeited: 'paid-do-not-ship',
};

const REFUND: ReadonlyMap<string, LineRefund> = new Map([
  ['', 'none'],
  ['NO_REFUND', 'none'],
  ['SELLER_REFUSE_BUYER', 'none'],
  ['CLOSED', 'none'],
  ['WAIT_SELLER_AGREE', 'in-progress'],
  ['WAIT_BUYER_RETURN_GOODS', 'in-progress'],
  ['WAIT_SELLER_CONFIRM_GOODS', 'in-progress'],
  ['SUCCESS', 'succeeded'],
]);

/**
 * Reads what `taobao.trade.fullinfo.get` answers (the same text as `jdp_response` of the order replica). Money is yuan
 * as text, times are GMT+8 without a zone, ids are taken from the `_str` fields or from the number's digits.
 *
 * The trade does not tell whether its items reduce stock at order or at payment (拍下减库存 / 付款减库存), so the earlier
 * is assumed: holding pieces for an unpaid order costs a while of sale, promising them twice costs an order.
 */
export function mapTaobaoOrder(rawText: string): PlatformOrder {
  const { trade } = readOrderShape('taobao', rawText, tradeAnswer).trade_fullinfo_get_response;
  const orderNo = trade.tid_str !== '' ? trade.tid_str : trade.tid;
  const deposit = known(DEPOSIT, trade.step_trade_status, orderNo, 'step_trade_status');
  const status = atMost(known(STATUS, trade.status, orderNo, 'status'), STATUS_AT_MOST[deposit]);
  return {
    channel: 'taobao',
    orderNo,
    status,
    platformStatus: trade.status,
    createdAtMs: trade.created,
    modifiedAtMs: trade.modified,
    paidAtMs: trade.pay_time,
    stockTakenAt: 'order',
    deposit,
    payableFen: trade.payment,
    freightFen: trade.post_fee,
    buyerMemo: trade.buyer_message,
    sellerMemo: trade.seller_memo,
    buyerNick: trade.buyer_nick,
    receiver: {
      name: trade.receiver_name,
      phone: trade.receiver_mobile !== '' ? trade.receiver_mobile : trade.receiver_phone,
      province: trade.receiver_state,
      city: trade.receiver_city,
      district: trade.receiver_district,
      address: trade.receiver_address,
      token: trade.oaid,
    },
    lines: trade.orders.order.map((line) => mapLine(trade, line, status)),
  };
}

function mapLine(trade: TaobaoTrade, line: TaobaoLine, status: PlatformOrderStatus): PlatformOrderLine {
  const paidFen = paidForLine(trade, line);
  return {
    lineNo: line.oid_str !== '' ? line.oid_str : line.oid,
    itemId: line.num_iid,
    // An item without SKUs has none; some answers write 0.
    platformSkuId: line.sku_id === '' || line.sku_id === '0' ? null : line.sku_id,
    merchantCode: line.outer_sku_id || line.outer_iid || null,
    title: line.title,
    quantity: line.num,
    unitPriceFen: line.price,
    paidFen,
    gift: isGift(trade, line, paidFen),
    presale: trade.new_presell || trade.general_new_presell,
    refund: refundOf(line, status),
  };
}

/**
 * `divide_order_fee` is what is paid after sharing out order-level discounts. Without it there is `payment`, which
 * leaves freight out in a trade of several lines but includes it in a trade of one: there freight is taken off.
 */
function paidForLine(trade: TaobaoTrade, line: TaobaoLine): number {
  if (line.divide_order_fee !== null) return line.divide_order_fee;
  const freightFen = trade.orders.order.length === 1 ? trade.post_fee : 0;
  return Math.max(0, line.payment - freightFen);
}

/** A gift 赠品 costs nothing: it has no price, or a promotion of the trade names its item as what it gives away. */
function isGift(trade: TaobaoTrade, line: TaobaoLine, paidFen: number): boolean {
  if (paidFen !== 0) return false;
  if (line.price === 0) return true;
  return trade.promotion_details.promotion_detail.some((promotion) => promotion.gift_item_id === line.num_iid);
}

/**
 * A status that we do not know counts as under way: the line waits and a person looks, instead of goods leaving for
 * money that goes back. A line that the platform has closed inside a living trade must not be shipped either, with or
 * without a refund on record ("do not ship a sub-order in TRADE_CLOSED_BY_TAOBAO", open.taobao.com, Order.status).
 */
function refundOf(line: TaobaoLine, tradeStatus: PlatformOrderStatus): LineRefund {
  if (tradeStatus !== 'closed' && STATUS.get(line.status) === 'closed') return 'succeeded';
  return REFUND.get(line.refund_status) ?? 'in-progress';
}

function known<T>(table: ReadonlyMap<string, T>, word: string, orderNo: string, field: string): T {
  const meaning = table.get(word);
  if (meaning === undefined) {
    throw new AppError('ORDER_UNREADABLE', { channel: 'taobao', orderNo, field, reason: `unknown ${field}: ${word}` });
  }
  return meaning;
}

function atMost(status: PlatformOrderStatus, limit: PlatformOrderStatus | undefined): PlatformOrderStatus {
  // Only a trade that claims to be ready is held back: what is shipped or closed is so whatever the presale says.
  return status === 'to-ship' && limit !== undefined && STATUS_RANK[limit] < STATUS_RANK[status] ? limit : status;
}
