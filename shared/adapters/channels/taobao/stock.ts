import * as z from 'zod/mini';
import { assert } from '../../../domain/kernel/assert';
import { AppError } from '../../../errors';
import type { ListingRef, ShopAccess, StockWrite, StockWriteResult } from '../../../ports/channel';
import { refusedWrite, stockFailure } from '../http';
import { idText, wholeNumber } from '../json64';
import { callTaobao, type TaobaoOptions } from './client';
import { fetchItem } from './listings';

/** SKUs of one item that one call takes at most, by the platform. */
export const SKUS_PER_CALL_MAX = 20;

/** `type` of a write: set, or add a signed change. */
const TYPE = { set: '1', add: '2' } as const;

const updateAnswer = z.object({
  item: z.object({
    num: z.nullish(wholeNumber),
    skus: z.nullish(
      z.object({ sku: z.nullish(z.array(z.object({ sku_id: idText, quantity: z.nullish(wholeNumber) }))) }),
    ),
  }),
});

/** What the shopper sees of a listing. */
export async function readStock(options: TaobaoOptions, access: ShopAccess, listing: ListingRef): Promise<number> {
  const item = await fetchItem(options, access, listing.itemId);
  if (listing.platformSkuId === null) return item.num;
  const sku = item.skus.find((each) => each.sku_id === listing.platformSkuId);
  if (!sku) throw new AppError('NOT_FOUND', { channel: 'taobao', ...listing });
  return sku.quantity;
}

/**
 * Writes stock of one item, in one call. The platform answers with the quantities that now stand, which may differ from
 * what was meant: an addition that would take a SKU below zero sets it to 0 without a word (for an item without SKUs
 * it is an error instead). The answer is therefore passed on as `shownQty`, and the caller compares.
 *
 * Additions are not idempotent here; only `tmall.item.quantity.update` takes a key.
 */
export async function writeStock(
  options: TaobaoOptions,
  access: ShopAccess,
  writes: readonly StockWrite[],
): Promise<StockWriteResult[]> {
  const [first] = writes;
  if (!first) return [];
  assert(writes.length <= SKUS_PER_CALL_MAX, 'at most 20 SKUs in a stock write');
  assert(
    writes.every((write) => write.listing.itemId === first.listing.itemId && write.mode === first.mode),
    'the stock writes of one call are of one item and one mode',
  );
  if (writes.length === 1 && first.listing.platformSkuId === null) return [await writeItem(options, access, first)];
  const bySku = writes.flatMap((write) => (write.listing.platformSkuId === null ? [] : [write]));
  const results = await writeSkus(options, access, bySku);
  return writes.map((write) => {
    if (write.listing.platformSkuId === null) return refusedWrite('an item with SKUs is written by SKU');
    return results[bySku.indexOf(write)] ?? refusedWrite('no result');
  });
}

async function writeItem(options: TaobaoOptions, access: ShopAccess, write: StockWrite): Promise<StockWriteResult> {
  const called = await callTaobao(options, access, 'taobao.item.quantity.update', {
    num_iid: write.listing.itemId,
    quantity: String(write.qty),
    type: TYPE[write.mode],
  });
  if (!called.ok) return stockFailure(called);
  const read = updateAnswer.safeParse(called.value.response);
  return { kind: 'applied', shownQty: read.success ? (read.data.item.num ?? null) : null };
}

async function writeSkus(
  options: TaobaoOptions,
  access: ShopAccess,
  writes: readonly StockWrite[],
): Promise<StockWriteResult[]> {
  const [first] = writes;
  if (!first) return [];
  const called = await callTaobao(options, access, 'taobao.skus.quantity.update', {
    num_iid: first.listing.itemId,
    skuid_quantities: writes.map((write) => `${write.listing.platformSkuId}:${write.qty}`).join(';'),
    type: TYPE[first.mode],
  });
  if (!called.ok) {
    const failure = stockFailure(called);
    return writes.map(() => failure);
  }
  const read = updateAnswer.safeParse(called.value.response);
  const skus = read.success ? (read.data.item.skus?.sku ?? []) : [];
  return writes.map((write) => {
    const sku = skus.find((each) => each.sku_id === write.listing.platformSkuId);
    return { kind: 'applied', shownQty: sku?.quantity ?? null };
  });
}
