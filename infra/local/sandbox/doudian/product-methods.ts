import type { Item, StockUnit } from '../catalogue';
import { itemStockQty } from '../catalogue';
import type { ExactObject } from '../exact-object';
import type { JsonObject } from '../json';
import { unixSeconds } from '../platform-time';
import type { DoudianShop } from '../shop';
import { invalidParameter, missingParameter } from './doudian-error';
import type { DoudianMethod } from './method';

export const listProducts: DoudianMethod = (params, shop) => {
  const page = params.int('page') ?? 1;
  const size = params.int('size') ?? 10;
  if (page < 1) throw invalidParameter(2_010_004, '页数从1开始');
  if (size < 1 || size > 100) throw invalidParameter(2_010_004, 'size 应为 1 到 100');
  const items = [...shop.catalogue.items].slice((page - 1) * size, page * size);
  return { page, size, total: shop.catalogue.size, data: items.map(productJson) };
};

export const listSkus: DoudianMethod = (params, shop) => {
  const productId = params.id('product_id');
  if (productId === undefined) throw missingParameter('product_id');
  const item = shop.catalogue.item(productId);
  if (item === undefined) throw invalidParameter(4, '该商品不属于你');
  return item.units.map((unit) => skuJson(item, unit));
};

/** The stock that shoppers see now: the way to read back what was written. */
export const getStock: DoudianMethod = (params, shop) => {
  const { item, unit } = findSku(params, shop, 20_011);
  return {
    sku_id: BigInt(wireSkuId(item, unit)),
    out_sku_id: 0,
    code: unit.merchantCode,
    sku_type: 0,
    stock_num: unit.stockQty,
    prehold_stock_num: 0,
    prom_stock_num: 0,
    step_stock_num: 0,
  };
};

/** On this platform every product has a SKU; that of an item without any carries the item's own id. */
export function wireSkuId(item: Item, unit: StockUnit): string {
  return unit.skuId ?? item.itemId;
}

/** The SKU named by `sku_id` or by `code`, and of `product_id` if that is given too. */
export function findSku(params: ExactObject, shop: DoudianShop, detail: number): { item: Item; unit: StockUnit } {
  const productId = params.id('product_id');
  const skuId = params.id('sku_id');
  const code = params.text('code');
  if (skuId === undefined && code === undefined)
    throw invalidParameter(detail, '参数不合法: 请输入正确sku_id或sku_code');
  const found = shop.catalogue.find(
    (unit, item) =>
      (productId === undefined || item.itemId === productId) &&
      (skuId === undefined ? unit.merchantCode === code : wireSkuId(item, unit) === skuId),
  );
  if (found === undefined) throw invalidParameter(5, `sku_id: ${skuId ?? code ?? ''}, 找不到对应的sku`);
  return found;
}

function productJson(item: Item): JsonObject {
  return {
    product_id: BigInt(item.itemId),
    product_id_str: item.itemId,
    name: item.title,
    outer_product_id: item.merchantCode,
    out_product_id: 0,
    status: 0,
    check_status: 3,
    discount_price: item.priceFen,
    sell_num: item.units.reduce((sum, unit) => sum + unit.soldQty, 0),
    stock_num: itemStockQty(item),
  };
}

function skuJson(item: Item, unit: StockUnit): JsonObject {
  return {
    id: BigInt(wireSkuId(item, unit)),
    product_id: BigInt(item.itemId),
    product_id_str: item.itemId,
    code: unit.merchantCode,
    out_sku_id: 0,
    spec_detail_name1: unit.skuId === null ? '' : unit.title,
    price: unit.priceFen,
    sku_type: 0,
    stock_num: unit.stockQty,
    prehold_stock_num: 0,
    prom_stock_num: 0,
    step_stock_num: 0,
    create_time: unixSeconds(unit.modifiedAtMs),
  };
}
