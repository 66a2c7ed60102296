import type { Buyer } from '../buyer';
import { buyerOf } from '../buyer';
import type { DoudianShopConfig } from '../config';
import type { JsonObject } from '../json';
import type { Order, OrderLine } from '../order';
import { depositFen, linePaymentFen, listPriceFen, totalFen } from '../order';
import { unixSeconds } from '../platform-time';
import { afterSaleOf, lineStatus, mainStatus, orderStatus, statusText } from './order-status';

/** As on the platform, order ids are text here, while product, SKU and shop ids are bare numbers. */
export function shopOrderJson(shop: DoudianShopConfig, order: Order): JsonObject {
  const buyer = buyerOf(shop.shopId, order);
  return {
    shop_id: BigInt(shop.platformShopId),
    shop_name: shop.title,
    order_id: order.orderNo,
    order_level: 2,
    ...stateOf(order, orderStatus(order)),
    order_expire_time: 1_800,
    cancel_reason: order.status === 'closed-unpaid' ? '买家取消' : '',
    buyer_words: order.buyerMemo,
    seller_words: order.sellerMemo,
    seller_remark_stars: order.sellerFlag,
    ...amountsOf(listPriceFen(order), totalFen(order), order),
    post_amount: 0,
    post_insurance_amount: 0,
    modify_amount: 0,
    tax_amount: 0,
    doudian_open_id: `1@#${buyer.openId}`,
    open_id: '',
    open_address_id: buyer.addressToken,
    ...receiverOf(buyer),
    appointment_ship_time: 0,
    exp_ship_time: order.paidAtMs === null ? 0 : unixSeconds(order.paidAtMs) + 172_800,
    sku_order_list: order.lines.map((line) => skuOrderJson(order, line)),
    order_phase_list: order.depositPresale ? phasesOf(order) : [],
    logistics_info: [],
  };
}

function stateOf(order: Order, status: number): JsonObject {
  return {
    biz: 2,
    order_type: 0,
    trade_type: order.depositPresale ? 2 : 0,
    order_status: status,
    order_status_desc: statusText(status),
    main_status: mainStatus(order),
    main_status_desc: statusText(mainStatus(order)),
    create_time: unixSeconds(order.createdAtMs),
    update_time: unixSeconds(order.modifiedAtMs),
    pay_time: seconds(order.paidAtMs),
    ship_time: seconds(order.shippedAtMs),
    finish_time: seconds(order.closedAtMs),
  };
}

/** What a gift would have cost counts as the shop's own promotion. */
function amountsOf(listFen: number, payableFen: number, order: Order): JsonObject {
  return {
    order_amount: listFen,
    pay_amount: payableFen,
    promotion_amount: listFen - payableFen,
    promotion_shop_amount: listFen - payableFen,
    promotion_platform_amount: 0,
    promotion_talent_amount: 0,
    pay_type: order.paidAtMs === null ? 0 : 1,
  };
}

function skuOrderJson(order: Order, line: OrderLine): JsonObject {
  const afterSale = afterSaleOf(order, line);
  const listFen = line.priceFen * line.quantity;
  return {
    order_id: line.lineNo,
    parent_order_id: order.orderNo,
    order_level: 3,
    ...stateOf(order, lineStatus(order, line)),
    product_id: BigInt(line.itemId),
    product_id_str: line.itemId,
    sku_id: BigInt(line.skuId ?? line.itemId),
    out_product_id: line.itemCode,
    out_sku_id: '',
    code: line.skuId === null ? line.itemCode : line.skuCode,
    product_name: line.itemTitle,
    spec: line.skuId === null ? [] : [{ name: '规格', value: line.skuTitle }],
    item_num: line.quantity,
    origin_amount: line.priceFen,
    goods_price: line.priceFen,
    sum_amount: listFen,
    ...amountsOf(listFen, linePaymentFen(line), order),
    // Tells when the goods ship (now, later, in steps); a deposit presale is told by trade_type and its phases.
    pre_sale_type: 0,
    ...giftOf(order, line),
    reduce_stock_type: 1,
    after_sale_info: {
      after_sale_status: afterSale.status,
      after_sale_type: afterSale.type,
      refund_status: afterSale.refundStatus,
    },
    inventory_list: [],
  };
}

/** MASTER only where a gift hangs on the line; empty for an ordinary line. */
function giftOf(order: Order, line: OrderLine): JsonObject {
  const masters = order.lines.filter((other) => !other.gift).map((other) => other.lineNo);
  const hasGifts = masters.length < order.lines.length;
  const type = line.gift ? 'FREE' : hasGifts ? 'MASTER' : '';
  return { given_product_type: type, master_sku_order_id_list: line.gift ? masters.slice(0, 1) : [] };
}

/** The plain fields come empty; cipher and mask stand beside each other. */
function receiverOf(buyer: Buyer): JsonObject {
  const area = {
    province: { name: buyer.province, id: '' },
    city: { name: buyer.city, id: '' },
    town: { name: buyer.district, id: '' },
    street: { name: buyer.town, id: '' },
  };
  return {
    post_receiver: '',
    post_tel: '',
    encrypt_post_receiver: buyer.cipherName,
    encrypt_post_tel: buyer.cipherMobile,
    mask_post_receiver: buyer.maskedName,
    mask_post_tel: buyer.maskedMobile,
    post_addr: { ...area, detail: '', encrypt_detail: buyer.cipherAddress },
    mask_post_addr: { ...area, detail: buyer.maskedAddress },
  };
}

/** A deposit presale is paid in two phases. */
function phasesOf(order: Order): JsonObject[] {
  const deposit = depositFen(order);
  return [phase(order, 1, deposit, order.depositPaidAtMs), phase(order, 2, totalFen(order) - deposit, order.paidAtMs)];
}

function phase(order: Order, current: number, payableFen: number, paidAtMs: number | null): JsonObject {
  return {
    phase_order_id: order.orderNo,
    total_phase: 2,
    current_phase: current,
    pay_success: paidAtMs !== null,
    sku_order_id: order.lines[0]?.lineNo ?? order.orderNo,
    phase_payable_price: payableFen,
    phase_pay_amount: paidAtMs === null ? 0 : payableFen,
    phase_pay_time: seconds(paidAtMs),
    current_phase_status_desc: paidAtMs === null ? '已开始但未支付' : '已支付',
  };
}

function seconds(atMs: number | null): number {
  return atMs === null ? 0 : unixSeconds(atMs);
}
