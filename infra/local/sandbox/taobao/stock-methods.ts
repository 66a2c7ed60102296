import type { Item, StockUnit } from '../catalogue';
import { itemStockQty } from '../catalogue';
import { InputError, FieldReader, isPlatformId } from '../field-reader';
import type { JsonObject } from '../json';
import { parseExact } from '../json';
import { beijingText } from '../platform-time';
import type { TaobaoShop } from '../shop';
import { lastModifiedMs } from './item-methods';
import type { TopMethod } from './method';
import type { Params } from './params';
import { invalidArgument, isvError } from './top-error';

const QUANTITY_MAX = 99_999_999;
const SKUS_A_CALL_MAX = 20;

type Mode = 'set' | 'add';

interface Write {
  readonly unit: StockUnit;
  readonly quantity: number;
}

/** One SKU, or an item without SKUs. An addition that would go below zero is an error and changes nothing. */
export const writeItemStock: TopMethod = {
  of: 'seller',
  run: (params, shop, nowMs) => {
    const item = itemOf(shop, params.id('num_iid'));
    const mode = modeOf(params.optional('type'));
    const quantity = quantityOf(params.text('quantity'), mode, 'quantity');
    const unit = unitOf(item, params);
    if (mode === 'add' && unit.stockQty + quantity < 0) throw isvError('item-quantity-negative', '库存增量更新后小于 0');
    return { item: applied(shop, item, [{ unit, quantity }], mode, nowMs) };
  },
};

/** Up to 20 SKUs of one item. An addition that would go below zero sets 0, silently. */
export const writeSkuStock: TopMethod = {
  of: 'seller',
  run: (params, shop, nowMs) => {
    const item = itemOf(shop, params.id('num_iid'));
    const mode = modeOf(params.optional('type'));
    const bySkuId = params.optional('skuid_quantities');
    const name = bySkuId === undefined ? 'outerid_quantities' : 'skuid_quantities';
    const pairs = (bySkuId ?? params.text(name)).split(';').filter((pair) => pair !== '');
    if (pairs.length === 0 || pairs.length > SKUS_A_CALL_MAX) throw invalidArgument(name, `一次 1 到 ${SKUS_A_CALL_MAX} 个 SKU`);
    const writes = pairs.map((pair) => {
      const [key = '', quantity = '', ...rest] = pair.split(':');
      if (key === '' || rest.length > 0) throw invalidArgument(name, '格式应为 skuId:数量;skuId:数量');
      const unit = item.units.find((sku) => sku.skuId !== null && (bySkuId === undefined ? sku.merchantCode : sku.skuId) === key);
      if (unit === undefined) throw isvError('sku-not-exist', `SKU ${key} 不存在`);
      return { unit, quantity: quantityOf(quantity, mode, name) };
    });
    return { item: applied(shop, item, writes, mode, nowMs) };
  },
};

/** Like the above with JSON arguments. `outer_biz_key` makes an addition count once: a repeat succeeds unchanged. */
export const writeTmallStock: TopMethod = {
  of: 'seller',
  run: (params, shop, nowMs) => {
    const item = itemOf(shop, params.id('item_id'));
    const options = new FieldReader(jsonOf(params, 'options', '{}'), 'options');
    const mode = modeOf(options.has('type') ? String(readNumber(options, 'type')) : undefined);
    const writes = listOf(params, 'sku_quantities').map((fields) => {
      const skuId = fields.has('sku_id') ? String(readNumber(fields, 'sku_id')) : undefined;
      const code = fields.optionalText('outer_id');
      const unit = item.units.find((sku) => (skuId === undefined ? sku.merchantCode === code : sku.skuId === skuId));
      if (unit === undefined) throw isvError('sku-not-exist', 'SKU 不存在');
      return { unit, quantity: quantityOf(String(readNumber(fields, 'quantity')), mode, 'sku_quantities') };
    });
    if (writes.length === 0 || writes.length > SKUS_A_CALL_MAX) throw invalidArgument('sku_quantities', '一次 1 到 20 个 SKU');
    const key = mode === 'add' ? options.optionalText('outer_biz_key') : undefined;
    if (key === undefined || isFirstUse(shop, `${item.itemId}/${key}`)) applied(shop, item, writes, mode, nowMs);
    return { quantity_update_result: item.itemId };
  },
};

function applied(shop: TaobaoShop, item: Item, writes: readonly Write[], mode: Mode, nowMs: number): JsonObject {
  for (const { unit, quantity } of writes) {
    unit.stockQty = mode === 'set' ? quantity : Math.max(0, unit.stockQty + quantity);
    unit.modifiedAtMs = nowMs;
    if (mode === 'set') shop.counters.stockSets += 1;
    else shop.counters.stockAdds += 1;
  }
  const skus = writes.flatMap(({ unit }) =>
    unit.skuId === null
      ? []
      : [{ sku_id: BigInt(unit.skuId), quantity: unit.stockQty, modified: beijingText(unit.modifiedAtMs) }],
  );
  return {
    num_iid: BigInt(item.itemId),
    modified: beijingText(lastModifiedMs(item)),
    num: itemStockQty(item),
    skus: skus.length === 0 ? undefined : { sku: skus },
  };
}

function itemOf(shop: TaobaoShop, itemId: string): Item {
  const item = shop.catalogue.item(itemId);
  if (item === undefined) throw isvError('item-not-exist:num_iid', '商品不存在');
  return item;
}

function unitOf(item: Item, params: Params): StockUnit {
  const skuId = params.optional('sku_id');
  const code = params.optional('outer_id');
  const unit = item.units.find((candidate) => {
    if (skuId !== undefined) return candidate.skuId === skuId;
    if (code !== undefined && candidate.skuId !== null) return candidate.merchantCode === code;
    return candidate.skuId === null;
  });
  if (unit === undefined) throw isvError('sku-not-exist', 'SKU 不存在，有 SKU 的商品必须指定 sku_id 或 outer_id');
  return unit;
}

function modeOf(type: string | undefined): Mode {
  if (type === undefined || type === '1') return 'set';
  if (type === '2') return 'add';
  throw invalidArgument('type', 'type 只能是 1（全量）或 2（增量）');
}

function quantityOf(text: string, mode: Mode, name: string): number {
  const quantity = /^-?\d{1,8}$/.test(text) ? Number(text) : Number.NaN;
  const min = mode === 'set' ? 0 : -QUANTITY_MAX;
  if (!(quantity >= min && quantity <= QUANTITY_MAX)) throw invalidArgument(name, '库存数量不合法');
  return quantity;
}
