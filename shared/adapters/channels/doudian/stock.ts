import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import type { ListingRef, ShopAccess, StockWrite, StockWriteResult } from '../../../ports/channel';
import { badAnswer, refusedWrite, stockFailure, valueOf } from '../http';
import { looseText, wholeNumber } from '../json64';
import { callDoudian, type DoudianOptions, idNumber, isId } from './client';
import { isRepeatedKey, mayHaveBegun } from './map-error';
import { regionalStock, stockMap } from './regional-stock';

const READ = 'sku.stockNum';
const WRITE_ONE = 'sku.syncStock';
const WRITE_MANY = 'sku.syncStockBatchMultiProducts';

/** SKUs that one call takes: field `sku_id` of sku.syncStockBatchMultiProducts. */
export const WRITES_PER_CALL_MAX = 50;

const stockData = z.object({ stock_num: z.nullish(wholeNumber), stock_num_map: stockMap });

/** What the shopper sees of a SKU. An answer with neither number is no empty shelf: an addition to 0 would double what is there. */
export async function readStock(options: DoudianOptions, access: ShopAccess, listing: ListingRef): Promise<number> {
  const answer = valueOf(
    await callDoudian(options, access, READ, { sku_id: idNumber(listing.platformSkuId, 'sku_id') }),
  );
  const read = z.safeParse(stockData, answer.data);
  const { stock_num: number, stock_num_map: map } = read.data ?? {};
  if (number === undefined || number === null) {
    if (!map) return valueOf(badAnswer({ channel: 'doudian', method: READ }, 'stock of unknown shape'));
    return regionalStock(map);
  }
  return number;
}

/**
 * Writes stock of SKUs of any products: set, or add under an idempotency key that the platform applies once. The answers do
 * not say for sure what now stands. Source: op.jinritemai.com, sku.syncStock and sku.syncStockBatchMultiProducts, the
 * latter as the official SDKs have it. `sku.syncStockBatch` takes one product's SKUs, all or nothing, and is not used.
 */
export async function writeStock(
  options: DoudianOptions,
  access: ShopAccess,
  writes: readonly StockWrite[],
): Promise<StockWriteResult[]> {
  const results: (StockWriteResult | undefined)[] = writes.map(refusedAtHome);
  const sent = writes.filter((_, i) => !results[i]);
  const answered = await send(options, access, sent);
  return results.map((result) => result ?? answered.shift() ?? UNKNOWN);
}

const UNKNOWN: StockWriteResult = { kind: 'unknown', message: 'the platform said nothing of this write' };

/** What this platform cannot be asked for. */
function refusedAtHome({ listing: { itemId, platformSkuId } }: StockWrite): StockWriteResult | undefined {
  if (platformSkuId === null) return refusedWrite('stock is written by SKU');
  return isId(itemId) && isId(platformSkuId) ? undefined : refusedWrite('ids are whole numbers');
}

async function send(
  options: DoudianOptions,
  access: ShopAccess,
  writes: readonly StockWrite[],
): Promise<StockWriteResult[]> {
  const [first, second] = writes;
  if (!first) return [];
  return second ? sendMany(options, access, writes, first.mode) : [await sendOne(options, access, first)];
}

async function sendOne(options: DoudianOptions, access: ShopAccess, write: StockWrite): Promise<StockWriteResult> {
  const called = await callDoudian(options, access, WRITE_ONE, {
    ...idsOf(write),
    stock_num: write.qty,
    incremental: write.mode === 'add',
    ...(write.mode === 'add' ? { idempotent_id: write.key } : {}),
  });
  if (called.ok) return { kind: 'applied', shownQty: null };
  if (write.mode === 'add' && called.head && isRepeatedKey(called.head)) return { kind: 'applied', shownQty: null };
  return stockFailure(called);
}

const manyData = z.object({ results: z.array(z.unknown()) });

/** `uniq_id` is what we sent; libraries of an earlier form of this call know `sku_id` alone. */
const manyRow = z.object({
  uniq_id: looseText,
  sku_id: looseText,
  status_code: wholeNumber,
  status_message: looseText,
});

/**
 * Each write succeeds or fails by itself. One key for all of them: it names these very writes. No table says which of an
 * addition's failures leave it undone, so each of them is unknown, and read back; a set may be repeated.
 */
async function sendMany(
  options: DoudianOptions,
  access: ShopAccess,
  writes: readonly StockWrite[],
  mode: StockWrite['mode'],
): Promise<StockWriteResult[]> {
  const key = createHash('sha256')
    .update(writes.map((write) => write.key).join('\n'))
    .digest('hex');
  const called = await callDoudian(options, access, WRITE_MANY, {
    idempotent_id: key.slice(0, 32),
    incremental: mode === 'add',
    allow_partial_success: true,
    items: writes.map((write, i) => ({ uniq_id: String(i), ...idsOf(write), stock_num: write.qty })),
  });
  if (!called.ok) {
    const begun = mode === 'add' && called.head && mayHaveBegun(called.head);
    return writes.map(() => (begun ? UNKNOWN : stockFailure(called)));
  }
  const data = z.safeParse(manyData, called.value.data);
  const rows = (data.success ? data.data.results : []).flatMap((row) => {
    const read = z.safeParse(manyRow, row);
    return read.success ? [read.data] : [];
  });
  return writes.map(({ listing }, i) => {
    const row =
      rows.find(({ uniq_id: id }) => id === String(i)) ??
      rows.find(({ uniq_id: id, sku_id: skuId }) => id === '' && skuId === listing.platformSkuId);
    if (!row) return UNKNOWN;
    if (row.status_code === 0) return { kind: 'applied', shownQty: null };
    const message = `${row.status_code} ${row.status_message}`.trim();
    return mode === 'add'
      ? { kind: 'unknown', message }
      : { kind: 'refused', code: 'CHANNEL_REFUSED', message, retry: 'never' };
  });
}

const idsOf = ({ listing: { itemId, platformSkuId } }: StockWrite) => ({
  product_id: idNumber(itemId, 'product_id'),
  sku_id: idNumber(platformSkuId, 'sku_id'),
});
