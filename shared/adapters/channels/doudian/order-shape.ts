import * as z from 'zod/mini';
import { idText, looseText, wholeNumber } from '../json64';
import { lineQuantity } from '../order-shape';

/**
 * The part of an order that is read. Source: op.jinritemai.com, order.orderDetail. Money is whole fen, times are Unix
 * seconds where 0 means none.
 */

/** Left out or null: 0. */
const numberOrZero = z.pipe(
  z.nullish(wholeNumber),
  z.transform((value) => value ?? 0),
);

const named = z.pipe(
  z.nullish(z.object({ name: looseText })),
  z.transform((place) => place?.name ?? ''),
);

const address = z.object({
  province: named,
  city: named,
  town: named,
  street: named,
  detail: looseText,
});

const afterSale = z.object({
  after_sale_status: numberOrZero,
  after_sale_type: numberOrZero,
  refund_status: numberOrZero,
});

const line = z.object({
  order_id: idText,
  product_id: idText,
  product_id_str: looseText,
  sku_id: looseText,
  code: looseText,
  out_sku_id: looseText,
  product_name: z.string(),
  item_num: lineQuantity,
  origin_amount: wholeNumber,
  pay_amount: wholeNumber,
  post_amount: numberOrZero,
  order_status: numberOrZero,
  pre_sale_type: numberOrZero,
  trade_type: numberOrZero,
  given_product_type: looseText,
  reduce_stock_type: numberOrZero,
  after_sale_info: z.nullish(afterSale),
});

const phase = z.object({
  current_phase: wholeNumber,
  pay_success: z.nullish(z.boolean()),
  phase_pay_time: numberOrZero,
});

const order = z.object({
  order_id: idText,
  order_status: wholeNumber,
  main_status: numberOrZero,
  create_time: wholeNumber,
  update_time: wholeNumber,
  pay_time: numberOrZero,
  pay_amount: wholeNumber,
  post_amount: numberOrZero,
  buyer_words: looseText,
  seller_words: looseText,
  doudian_open_id: looseText,
  open_address_id: looseText,
  mask_post_receiver: looseText,
  mask_post_tel: looseText,
  mask_post_addr: z.nullish(address),
  order_phase_list: z.nullish(z.array(phase)),
  sku_order_list: z.array(line).check(z.minLength(1)),
});

export const orderAnswer = z.object({ data: z.object({ shop_order_detail: order }) });

/** Enough to see which order an answer holds. */
export const orderDataId = z.object({ shop_order_detail: z.object({ order_id: idText }) });

export type DoudianOrder = z.infer<typeof order>;
export type DoudianLine = z.infer<typeof line>;
