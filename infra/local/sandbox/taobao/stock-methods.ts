import type { Item, StockUnit } from '../catalogue';
import type { TopMethod } from './method';
import type { Params } from './params';
import type { Mode, Write } from './stock-write';
import { applyWrites, itemOf, modeOf, noSuchSku, quantityOf, SKUS_A_CALL_MAX, writtenJson } from './stock-write';
import { invalidArgument, isvError } from './top-error';

/** One SKU, or an item without SKUs. An addition that would go below zero is an error and changes nothing. */
export const writeItemStock: TopMethod = {
  of: 'seller',
  run: (params, shop, nowMs) => {
    const item = itemOf(shop, params.id('num_iid'));
    const mode = modeOf(params.optional('type'));
    const quantity = quantityOf(params.text('quantity'), mode, 'quantity');
    const unit = unitOf(item, params);
    if (mode === 'add' && unit.stockQty + quantity < 0)
      throw isvError('item-quantity-negative', '增量更新后库存小于 0');
    const writes = [{ unit, quantity }];
    applyWrites(shop, writes, mode, nowMs);
    return { item: writtenJson(item, writes) };
  },
};

/** Up to 20 SKUs of one item, all or none. An addition that would go below zero sets 0, silently. */
export const writeSkuStock: TopMethod = {
  of: 'seller',
  run: (params, shop, nowMs) => {
    const item = itemOf(shop, params.id('num_iid'));
    const mode = modeOf(params.optional('type'));
    const bySkuId = params.optional('skuid_quantities') !== undefined;
    const writes = readPairs(params, bySkuId ? 'skuid_quantities' : 'outerid_quantities', mode, (key) =>
      item.units.find((unit) => unit.skuId !== null && key === (bySkuId ? unit.skuId : unit.merchantCode)),
    );
    applyWrites(shop, writes, mode, nowMs);
    return { item: writtenJson(item, writes) };
  },
};

/** `key:quantity;key:quantity` */
function readPairs(
  params: Params,
  name: string,
  mode: Mode,
  unitOfKey: (key: string) => StockUnit | undefined,
): Write[] {
  const pairs = params.text(name).split(';');
  if (pairs.at(-1) === '') pairs.pop();
  if (pairs.length > SKUS_A_CALL_MAX) throw invalidArgument(name, `一次最多 ${SKUS_A_CALL_MAX} 个 SKU`);
  return pairs.map((pair) => {
    const [key = '', quantity = '', ...rest] = pair.split(':');
    if (key === '' || rest.length > 0) throw invalidArgument(name, '格式应为 skuId:数量;skuId:数量');
    const unit = unitOfKey(key);
    if (unit === undefined) throw noSuchSku(key);
    return { unit, quantity: quantityOf(quantity, mode, name) };
  });
}

function unitOf(item: Item, params: Params): StockUnit {
  const skuId = params.optional('sku_id');
  const code = params.optional('outer_id');
  const unit = item.units.find((candidate) => {
    if (skuId !== undefined) return candidate.skuId === skuId;
    if (code !== undefined && candidate.skuId !== null) return candidate.merchantCode === code;
    return candidate.skuId === null;
  });
  if (unit === undefined) throw noSuchSku(skuId ?? code ?? '');
  return unit;
}
