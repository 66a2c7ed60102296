import type { Item, StockUnit } from '../catalogue';
import { itemStockQty } from '../catalogue';
import type { JsonObject } from '../json';
import { beijingText } from '../platform-time';
import type { TopMethod } from './method';
import { yuan } from './money';
import { isvError } from './top-error';

/** All items are on sale; the list keeps the order in which they were first listed. */
export const listItems: TopMethod = {
  of: 'seller',
  run: (params, shop) => {
    const fields = new Set(params.list('fields'));
    const pageNo = params.wholeNumber('page_no', { min: 1, max: 1_000_000, fallback: 1 });
    const pageSize = params.wholeNumber('page_size', { min: 1, max: 200, fallback: 40 });
    const page = [...shop.catalogue.items].slice((pageNo - 1) * pageSize, pageNo * pageSize);
    const items = page.map((item) => pickFields(itemJson(item), fields));
    return { total_results: shop.catalogue.size, items: items.length === 0 ? undefined : { item: items } };
  },
};

/** One item with the stock that shoppers see now: the way to read back what was written. */
export const getItem: TopMethod = {
  of: 'seller',
  run: (params, shop) => {
    const fields = new Set(params.list('fields'));
    const item = shop.catalogue.item(params.id('num_iid'));
    if (item === undefined) throw isvError('item-not-exist:num_iid', '商品不存在');
    return { item: pickFields(itemJson(item), fields) };
  },
};

function itemJson(item: Item): JsonObject {
  const skus = item.units.filter((unit) => unit.skuId !== null).map(skuJson);
  return {
    num_iid: BigInt(item.itemId),
    title: item.title,
    outer_id: item.merchantCode || undefined,
    num: itemStockQty(item),
    price: yuan(item.priceFen),
    approve_status: 'onsale',
    modified: beijingText(lastModifiedMs(item)),
    skus: skus.length === 0 ? undefined : { sku: skus },
  };
}

function skuJson(unit: StockUnit): JsonObject {
  return {
    sku_id: BigInt(unit.skuId ?? 0),
    outer_id: unit.merchantCode || undefined,
    quantity: unit.stockQty,
    price: yuan(unit.priceFen),
    properties_name: `1627207:${unit.skuId ?? 0}:规格:${unit.title}`,
    modified: beijingText(unit.modifiedAtMs),
  };
}

export function lastModifiedMs(item: Item): number {
  return item.units.reduce((latest, unit) => Math.max(latest, unit.modifiedAtMs), 0);
}

/** SKUs may be asked for as `sku`, `skus` or `skus.<field>`; they always come whole. */
function pickFields(whole: JsonObject, fields: ReadonlySet<string>): JsonObject {
  const wantsSkus = [...fields].some((field) => field === 'sku' || field === 'skus' || /^skus?\./.test(field));
  const names = Object.keys(whole).filter((name) => (name === 'skus' ? wantsSkus : fields.has(name)));
  return Object.fromEntries(names.map((name) => [name, whole[name]]));
}
