import type { Buyer } from '../buyer';
import { buyerOf } from '../buyer';
import type { JsonObject } from '../json';
import type { Order, OrderLine } from '../order';
import { linePaymentFen, listPriceFen, paidFen, totalFen } from '../order';
import { beijingText } from '../platform-time';
import type { TaobaoShopConfig } from '../config';
import { yuan } from './money';
import { lineStatus, refundStatus, stepTradeStatus, tradeStatus } from './trade-status';

/** Asking for the receiver token alone yields nothing: these must be asked for too. */
const OAID_NEEDS = ['receiver_name', 'receiver_address', 'created', 'receiver_mobile', 'receiver_phone'];

/**
 * A trade with the fields asked for. `orders.title` asks for one field of the lines, `orders` for all of them.
 * Fields without a value are left out, as on the platform.
 */
export function tradeJson(shop: TaobaoShopConfig, order: Order, fields: ReadonlySet<string>): JsonObject {
  const whole = wholeTrade(shop, order);
  const answer: Record<string, JsonObject[string]> = {};
  for (const field of fields) {
    if (field === 'oaid' && !OAID_NEEDS.every((needed) => fields.has(needed))) continue;
    if (field in whole) answer[field] = whole[field];
  }
  if (fields.has('tid')) answer['tid_str'] = whole['tid_str'];
  const lineFields = [...fields]
    .filter((field) => field.startsWith('orders.'))
    .map((field) => field.slice('orders.'.length));
  if (fields.has('orders')) answer['orders'] = { order: order.lines.map((line) => lineJson(order, line)) };
  else if (lineFields.length > 0) {
    answer['orders'] = { order: order.lines.map((line) => pick(lineJson(order, line), lineFields)) };
  }
  return answer;
}

function wholeTrade(shop: TaobaoShopConfig, order: Order): JsonObject {
  const buyer = buyerOf(shop.shopId, order);
  const promotions = order.lines.filter((line) => line.gift).map((line) => giftPromotion(order, line));
  return {
    tid: BigInt(order.orderNo),
    tid_str: order.orderNo,
    title: shop.title,
    type: order.depositPresale ? 'step' : 'fixed',
    status: tradeStatus(order),
    seller_nick: shop.title,
    shipping_type: 'express',
    num: order.lines.reduce((sum, line) => sum + line.quantity, 0),
    ...moneyOf(order),
    created: beijingText(order.createdAtMs),
    modified: beijingText(order.modifiedAtMs),
    pay_time: timeText(order.paidAtMs),
    consign_time: timeText(order.shippedAtMs),
    end_time: timeText(order.closedAtMs),
    buyer_message: order.buyerMemo || undefined,
    has_buyer_message: order.buyerMemo !== '',
    seller_memo: order.sellerMemo || undefined,
    seller_flag: order.sellerFlag,
    step_trade_status: stepTradeStatus(order),
    ...receiverOf(buyer),
    promotion_details: promotions.length === 0 ? undefined : { promotion_detail: promotions },
  };
}

function moneyOf(order: Order): JsonObject {
  const discountFen = listPriceFen(order) - totalFen(order);
  return {
    payment: yuan(totalFen(order)),
    total_fee: yuan(listPriceFen(order)),
    discount_fee: yuan(discountFen),
    adjust_fee: '0.00',
    post_fee: '0.00',
    received_payment: '0.00',
    coupon_fee: 0,
    step_paid_fee: order.depositPresale ? yuan(paidFen(order)) : undefined,
  };
}

function receiverOf(buyer: Buyer): JsonObject {
  return {
    buyer_nick: buyer.maskedNick,
    buyer_open_uid: buyer.openId,
    receiver_name: buyer.maskedName,
    receiver_mobile: buyer.maskedMobile,
    receiver_phone: buyer.maskedMobile,
    receiver_country: '中国',
    receiver_state: buyer.province,
    receiver_city: buyer.city,
    receiver_district: buyer.district,
    receiver_town: buyer.town,
    receiver_address: buyer.maskedAddress,
    receiver_zip: '000000',
    oaid: buyer.addressToken,
  };
}

function lineJson(order: Order, line: OrderLine): JsonObject {
  const payment = yuan(linePaymentFen(line));
  return {
    oid: BigInt(line.lineNo),
    oid_str: line.lineNo,
    num_iid: BigInt(line.itemId),
    sku_id: line.skuId === null ? undefined : BigInt(line.skuId),
    outer_iid: line.itemCode || undefined,
    outer_sku_id: line.skuCode || undefined,
    title: line.itemTitle,
    sku_properties_name: line.skuTitle === '' ? undefined : `规格:${line.skuTitle}`,
    num: line.quantity,
    price: yuan(line.priceFen),
    total_fee: payment,
    discount_fee: yuan(line.priceFen * line.quantity - linePaymentFen(line)),
    adjust_fee: '0.00',
    payment,
    divide_order_fee: payment,
    part_mjz_discount: '0.00',
    status: lineStatus(order, line),
    refund_status: refundStatus(line),
    refund_id: line.refundId === null ? undefined : BigInt(line.refundId),
    is_oversold: false,
    is_daixiao: false,
    consign_time: timeText(order.shippedAtMs),
  };
}

function giftPromotion(order: Order, line: OrderLine): JsonObject {
  return {
    id: BigInt(order.orderNo),
    promotion_name: '满就送',
    discount_fee: '0.00',
    gift_item_id: line.itemId,
    gift_item_name: line.itemTitle,
    gift_item_num: line.quantity.toString(),
  };
}

function timeText(atMs: number | null): string | undefined {
  return atMs === null ? undefined : beijingText(atMs);
}

function pick(whole: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(fields.filter((field) => field in whole).map((field) => [field, whole[field]]));
}
