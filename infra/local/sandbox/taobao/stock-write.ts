import type { Item, StockUnit } from '../catalogue';
import { itemStockQty } from '../catalogue';
import type { JsonObject } from '../json';
import { beijingText } from '../platform-time';
import type { TaobaoShop } from '../shop';
import { lastModifiedMs } from './item-methods';
import { invalidArgument, isvError } from './top-error';

export const SKUS_A_CALL_MAX = 20;
const QUANTITY_MAX = 99_999_999;

/** 全量 / 增量 */
export type Mode = 'set' | 'add';

export interface Write {
  readonly unit: StockUnit;
  readonly quantity: number;
}

/** Applies all writes; an addition stops at 0. */
export function applyWrites(shop: TaobaoShop, writes: readonly Write[], mode: Mode, nowMs: number): void {
  for (const { unit, quantity } of writes) {
    unit.stockQty = mode === 'set' ? quantity : Math.max(0, unit.stockQty + quantity);
    unit.modifiedAtMs = nowMs;
    if (mode === 'set') shop.counters.stockSets += 1;
    else shop.counters.stockAdds += 1;
  }
}

/** The item with the written SKUs and the quantity each shows now, to be compared with what was meant. */
export function writtenJson(item: Item, writes: readonly Write[]): JsonObject {
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

export function itemOf(shop: TaobaoShop, itemId: string): Item {
  const item = shop.catalogue.item(itemId);
  if (item === undefined) throw isvError('item-not-exist:num_iid', '商品不存在');
  return item;
}

export function noSuchSku(key: string): Error {
  return isvError('sku-not-exist', `SKU ${key} 不存在；有 SKU 的商品必须指定 SKU`);
}

export function modeOf(type: string | undefined): Mode {
  if (type === undefined || type === '1') return 'set';
  if (type === '2') return 'add';
  throw invalidArgument('type', 'type 只能是 1（全量）或 2（增量）');
}

export function quantityOf(text: string, mode: Mode, name: string): number {
  const quantity = /^-?\d{1,8}$/.test(text) ? Number(text) : Number.NaN;
  const min = mode === 'set' ? 0 : -QUANTITY_MAX;
  if (!(quantity >= min && quantity <= QUANTITY_MAX)) throw invalidArgument(name, '库存数量不合法');
  return quantity;
}
