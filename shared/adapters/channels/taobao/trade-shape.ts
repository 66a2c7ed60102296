import * as z from 'zod/mini';
import { fenFromYuanText } from '../../../domain/kernel/money';
import { epochMsFromShanghaiText } from '../../../domain/kernel/time';
import { idText, looseText } from '../json64';
import { lineQuantity } from '../order-shape';

/**
 * The part of Trade and Order that is read. Source: open.taobao.com, taobao.trade.fullinfo.get. A list sits one level
 * deeper than one expects: `orders.order[]`.
 */

/** Yuan with up to two decimals, as text; a number where a proxy has rewritten it. Becomes fen. */
const yuan = z.pipe(
  z.union([z.string(), z.number()]),
  z.transform((text: string | number, context) => {
    const fen = fenFromYuanText(String(text));
    if (fen !== undefined) return fen;
    context.issues.push({ code: 'custom', message: 'not an amount in yuan', input: text });
    return z.NEVER;
  }),
);

/** `yyyy-MM-dd HH:mm:ss` in GMT+8. Becomes epoch ms. */
const shanghaiTime = z.pipe(
  z.string(),
  z.transform((text: string, context) => {
    const epochMs = epochMsFromShanghaiText(text);
    if (epochMs !== undefined) return epochMs;
    context.issues.push({ code: 'custom', message: 'not a time yyyy-MM-dd HH:mm:ss', input: text });
    return z.NEVER;
  }),
);

/** What the platform leaves out, sends as null or sends as '' takes the stand-in. */
const orElse = <T extends z.ZodMiniType, F>(shape: T, standIn: F) =>
  z.pipe(
    z.nullish(z.union([shape, z.literal('')])),
    z.transform((value) => (value === null || value === undefined || value === '' ? standIn : value)),
  );

const flag = z.pipe(
  z.nullish(z.union([z.boolean(), z.string()])),
  z.transform((value) => value === true || value === 'true'),
);

const line = z.object({
  oid: idText,
  oid_str: looseText,
  num_iid: idText,
  sku_id: looseText,
  outer_iid: looseText,
  outer_sku_id: looseText,
  title: z.string(),
  num: lineQuantity,
  price: yuan,
  payment: yuan,
  divide_order_fee: orElse(yuan, null),
  status: looseText,
  refund_status: looseText,
});

const promotion = z.object({ gift_item_id: looseText });
const NO_PROMOTIONS: readonly z.infer<typeof promotion>[] = [];

const trade = z.object({
  tid: idText,
  tid_str: looseText,
  status: z.string(),
  step_trade_status: looseText,
  created: shanghaiTime,
  modified: shanghaiTime,
  pay_time: orElse(shanghaiTime, null),
  payment: yuan,
  post_fee: orElse(yuan, 0),
  buyer_nick: looseText,
  buyer_message: looseText,
  seller_memo: looseText,
  receiver_name: looseText,
  receiver_mobile: looseText,
  receiver_phone: looseText,
  receiver_state: looseText,
  receiver_city: looseText,
  receiver_district: looseText,
  receiver_address: looseText,
  oaid: looseText,
  new_presell: flag,
  general_new_presell: flag,
  orders: z.object({ order: z.array(line).check(z.minLength(1)) }),
  promotion_details: orElse(z.object({ promotion_detail: orElse(z.array(promotion), NO_PROMOTIONS) }), {
    promotion_detail: NO_PROMOTIONS,
  }),
});

export const tradeAnswer = z.object({ trade_fullinfo_get_response: z.object({ trade }) });

/** Enough to see which trade an answer holds. */
export const tradeAnswerId = z.object({ trade: z.object({ tid: idText, tid_str: looseText }) });

export type TaobaoTrade = z.infer<typeof trade>;
export type TaobaoLine = z.infer<typeof line>;

/**
 * Fields asked for: everything that {@link trade} reads, what the warehouse and after-sales will want of the raw order
 * later, and receiver_name, receiver_address, created, receiver_mobile and receiver_phone, without any one of which the
 * platform leaves `oaid` out.
 */
export const TRADE_FIELDS = [
  ...['tid', 'tid_str', 'status', 'type', 'created', 'modified', 'pay_time', 'consign_time', 'end_time'],
  ...['timeout_action_time', 'payment', 'total_fee', 'discount_fee', 'adjust_fee', 'post_fee', 'received_payment'],
  ...['coupon_fee', 'promotion_details', 'buyer_nick', 'buyer_open_uid', 'buyer_message', 'buyer_memo'],
  ...['seller_memo', 'seller_flag', 'step_trade_status', 'step_paid_fee', 'new_presell', 'general_new_presell'],
  ...['receiver_name', 'receiver_mobile', 'receiver_phone', 'receiver_address', 'receiver_country', 'receiver_state'],
  ...['receiver_city', 'receiver_district', 'receiver_town', 'receiver_zip', 'oaid'],
  ...['orders.oid', 'orders.oid_str', 'orders.num_iid', 'orders.sku_id', 'orders.outer_iid', 'orders.outer_sku_id'],
  ...['orders.title', 'orders.sku_properties_name', 'orders.num', 'orders.price', 'orders.total_fee'],
  ...['orders.discount_fee', 'orders.adjust_fee', 'orders.payment', 'orders.divide_order_fee'],
  ...['orders.part_mjz_discount', 'orders.status', 'orders.refund_status', 'orders.refund_id', 'orders.is_oversold'],
  ...['orders.store_code', 'orders.invoice_no', 'orders.logistics_company', 'orders.consign_time'],
].join(',');
