import type { StockUnit } from '../catalogue';
import type { ExactObject } from '../exact-object';
import type { DoudianShop } from '../shop';
import { DoudianError, invalidParameter, missingParameter } from './doudian-error';
import type { DoudianMethod } from './method';
import { findSku, wireSkuId } from './product-methods';

const SKUS_A_CALL_MAX = 100;
const ITEMS_A_CALL_MAX = 50;
const STOCK_MAX = 99_999_999;

interface Write {
  readonly unit: StockUnit;
  readonly stockNum: number;
}

/** Sets one SKU's stock, or adds to it. */
export const syncStock: DoudianMethod = (params, shop, nowMs) => {
  const { unit } = findSku(params, shop, 4);
  apply(params, shop, [{ unit, stockNum: stockNumOf(params) }], nowMs);
  return {};
};

/** Several SKUs of one product, all or nothing. */
export const syncStockBatch: DoudianMethod = (params, shop, nowMs) => {
  const productId = params.id('product_id');
  if (productId === undefined) throw missingParameter('product_id');
  const item = shop.catalogue.item(productId);
  if (item === undefined) throw new DoudianError(50_002, 'isv.business-failed:2010058', '商品不存在或已彻底删除');
  const list = params.objects('sku_sync_list') ?? [];
  if (list.length === 0) throw missingParameter('sku_sync_list');
  if (list.length > SKUS_A_CALL_MAX) throw invalidParameter(4, `一次最多 ${SKUS_A_CALL_MAX} 个 sku`);
  const writes = list.map((entry) => {
    const skuId = entry.id('sku_id');
    if ((entry.int('sku_type') ?? 0) !== 0) throw invalidParameter(4, '沙箱只有普通库存（sku_type 0）');
    const unit = item.units.find((candidate) => wireSkuId(item, candidate) === skuId);
    if (unit === undefined) throw invalidParameter(5, `sku_id: ${skuId ?? ''}, 找不到对应的sku`);
    return { unit, stockNum: stockNumOf(entry) };
  });
  if (new Set(writes.map(({ unit }) => unit)).size < writes.length) throw invalidParameter(4, '同一个 sku 出现多次');
  apply(params, shop, writes, nowMs);
  return {};
};

/** SKUs of any products under one key that counts once, in each mode; one by one where partial success is allowed. */
export const syncStockBatchMultiProducts: DoudianMethod = (params, shop, nowMs) => {
  const key = params.text('idempotent_id');
  if (key === undefined || key === '') throw missingParameter('idempotent_id');
  const incremental = params.flag('incremental');
  if (incremental === undefined) throw missingParameter('incremental');
  // All or nothing otherwise, which the sandbox leaves out.
  if (params.flag('allow_partial_success') !== true) throw missingParameter('allow_partial_success');
  const items = params.objects('items') ?? [];
  if (items.length === 0) throw missingParameter('items');
  if (items.length > ITEMS_A_CALL_MAX) throw invalidParameter(4, `一次请求最大支持${ITEMS_A_CALL_MAX}个sku更新`);
  if (shop.appliedKeys.has(key)) {
    shop.counters.idempotentRepeats += 1;
    throw new DoudianError(50_002, 'isv.business-failed:-20002', 'Token已被使用');
  }
  const writeItem = (item: ExactObject): number => {
    const { unit } = findSku(item, shop, 4);
    const stockQty = (incremental ? unit.stockQty : 0) + stockNumOf(item);
    if (stockQty < 0) throw new DoudianError(50_002, 'isv.business-failed:4', '系统错误:更新库存数失败: 库存不足');
    write(unit, stockQty, nowMs);
    if (incremental) shop.counters.stockAdds += 1;
    else shop.counters.stockSets += 1;
    return stockQty;
  };
  const results = items.map((item) => {
    const uniqId = item.text('uniq_id') ?? '';
    try {
      return { uniq_id: uniqId, status_code: 0, status_message: '', stock_num: writeItem(item) };
    } catch (error) {
      if (!(error instanceof DoudianError)) throw error;
      return { uniq_id: uniqId, status_code: error.code, status_message: error.subMessage };
    }
  });
  shop.appliedKeys.add(key);
  return { results };
};

/**
 * An addition needs a key and counts once: its repeat is answered as an *error* that says so (40010), which a caller
 * must read as done. An addition that would go below zero is refused, and its key stays unused.
 */
function apply(params: ExactObject, shop: DoudianShop, writes: readonly Write[], nowMs: number): void {
  const key = params.text('idempotent_id');
  if (params.flag('incremental') !== true) {
    if (writes.some(({ stockNum }) => stockNum < 0)) throw invalidParameter(4, '库存不能小于0');
    for (const { unit, stockNum } of writes) write(unit, stockNum, nowMs);
    shop.counters.stockSets += writes.length;
    return;
  }
  if (key === undefined || key === '') throw missingParameter('idempotent_id');
  if (shop.appliedKeys.has(key)) {
    shop.counters.idempotentRepeats += 1;
    throw invalidParameter(40_010, '[idempotent_id]重复，操作已执行');
  }
  if (writes.some(({ unit, stockNum }) => unit.stockQty + stockNum < 0)) {
    throw new DoudianError(50_002, 'isv.business-failed:4', '系统错误:更新库存数失败: 库存不足');
  }
  for (const { unit, stockNum } of writes) write(unit, unit.stockQty + stockNum, nowMs);
  shop.appliedKeys.add(key);
  shop.counters.stockAdds += writes.length;
}

function write(unit: StockUnit, stockQty: number, nowMs: number): void {
  unit.stockQty = stockQty;
  unit.modifiedAtMs = nowMs;
}

function stockNumOf(params: ExactObject): number {
  const stockNum = params.int('stock_num');
  if (stockNum === undefined) throw missingParameter('stock_num');
  if (Math.abs(stockNum) > STOCK_MAX) throw invalidParameter(4, '库存数量不合法');
  return stockNum;
}
