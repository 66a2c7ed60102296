import * as z from 'zod/mini';
import { assert } from '../../../domain/kernel/assert';
import type { ListingRef, ShopAccess, StockWrite, StockWriteResult } from '../../../ports/channel';
import { badAnswer, refusedWrite, stockFailure, valueOf } from '../http';
import { wholeNumber } from '../json64';
import { callDoudian, type DoudianOptions, idNumber } from './client';
import { isRepeatedKey } from './map-error';
import { regionalStock, stockMap } from './regional-stock';

const READ = 'sku.stockNum';
const WRITE = 'sku.syncStock';

const stockData = z.object({ stock_num: z.nullish(wholeNumber), stock_num_map: stockMap });

/** What the shopper sees of a SKU. */
export async function readStock(options: DoudianOptions, access: ShopAccess, listing: ListingRef): Promise<number> {
  const answer = valueOf(
    await callDoudian(options, access, READ, { sku_id: idNumber(listing.platformSkuId, 'sku_id') }),
  );
  const read = z.safeParse(stockData, answer.data);
  if (!read.success) return valueOf(badAnswer({ channel: 'doudian', method: READ }, 'stock of unknown shape'));
  return read.data.stock_num ?? regionalStock(read.data.stock_num_map);
}

/**
 * Writes one SKU's stock: set, or add under an idempotency key that the platform applies once. The answer does not say
 * what now stands. `sku.syncStockBatch` would take many SKUs of one product but all or nothing, so that one bad SKU
 * would keep the others wrong.
 */
export async function writeStock(
  options: DoudianOptions,
  access: ShopAccess,
  writes: readonly StockWrite[],
): Promise<StockWriteResult[]> {
  const [write] = writes;
  if (!write) return [];
  assert(writes.length === 1, 'one stock write a call');
  return [await writeOne(options, access, write)];
}

async function writeOne(options: DoudianOptions, access: ShopAccess, write: StockWrite): Promise<StockWriteResult> {
  const { itemId, platformSkuId } = write.listing;
  if (platformSkuId === null) return refusedWrite('stock is written by SKU');
  if (!/^\d{1,19}$/.test(itemId) || !/^\d{1,19}$/.test(platformSkuId)) return refusedWrite('ids are whole numbers');
  const called = await callDoudian(options, access, WRITE, {
    product_id: BigInt(itemId),
    sku_id: BigInt(platformSkuId),
    stock_num: write.qty,
    incremental: write.mode === 'add',
    ...(write.mode === 'add' ? { idempotent_id: write.key } : {}),
  });
  if (called.ok) return { kind: 'applied', shownQty: null };
  if (write.mode === 'add' && called.head && isRepeatedKey(called.head)) return { kind: 'applied', shownQty: null };
  return stockFailure(called);
}
