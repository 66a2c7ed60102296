import type { Order } from '../order';
import type { DoudianShop } from '../shop';
import type { ExactObject } from '../exact-object';
import { invalidParameter, missingParameter } from './doudian-error';
import type { DoudianMethod } from './method';
import { shopOrderJson } from './order-json';

const SIZE_MAX = 100;
/** However the pages are cut, nothing beyond this many orders of one query can be read. */
const REACH_MAX = 50_000;

/** Orders by time of change or creation, both ends included in whole seconds; newest first unless `order_asc`. */
export const searchOrders: DoudianMethod = (params, shop) => {
  const page = params.int('page') ?? 0;
  const size = params.int('size') ?? 10;
  if (page < 0) throw invalidParameter(10_035, '查询订单列表页数不能小于0');
  if (size < 1 || size > SIZE_MAX) throw invalidParameter(20_008, '单次查询订单数超过限制');
  if ((page + 1) * size > REACH_MAX) throw invalidParameter(20_013, '订单查询最多支持查询5万');
  const found = findOrders(params, shop);
  if (params.flag('order_asc') !== true) found.reverse();
  const slice = found.slice(page * size, (page + 1) * size);
  return { total: found.length, page, size, shop_order_list: slice.map((order) => shopOrderJson(shop.config, order)) };
};

export const getOrder: DoudianMethod = (params, shop) => {
  const orderNo = params.id('shop_order_id');
  if (orderNo === undefined) throw missingParameter('shop_order_id');
  const order = shop.orders.get(orderNo);
  if (order === undefined) throw invalidParameter(20_045, '订单不存在');
  return { shop_order_detail: shopOrderJson(shop.config, order) };
};

/** Oldest first by the time that `order_by` names (creation unless told). */
function findOrders(params: ExactObject, shop: DoudianShop): Order[] {
  const updated = rangeMs(params, 'update_time');
  const created = rangeMs(params, 'create_time');
  if (updated === undefined && created === undefined) throw invalidParameter(20_011, '订单查询开始时间不能为空');
  const byUpdate = params.text('order_by') === 'update_time';
  const found = byUpdate
    ? shop.orders.changedBetween(updated?.fromMs ?? 0, updated?.toMs ?? Infinity)
    : [...shop.orders.all()];
  return found
    .filter((order) => byUpdate || updated === undefined || within(order.modifiedAtMs, updated))
    .filter((order) => created === undefined || within(order.createdAtMs, created));
}

interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

function rangeMs(params: ExactObject, name: string): Range | undefined {
  const from = params.int(`${name}_start`);
  const to = params.int(`${name}_end`);
  if (from === undefined) return undefined;
  return { fromMs: from * 1_000, toMs: to === undefined ? Infinity : to * 1_000 + 999 };
}

function within(atMs: number, range: Range): boolean {
  return atMs >= range.fromMs && atMs <= range.toMs;
}
