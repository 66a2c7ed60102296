import * as z from 'zod/mini';
import { hasCode } from '../../../errors';
import type { ListingsPart, PlatformListing, ShopAccess } from '../../../ports/channel';
import { badAnswer, valueOf } from '../http';
import { idText, looseText, wholeNumber } from '../json64';
import type { ItemPaging } from '../listing-pages';
import { readListings } from '../listing-pages';
import { callDoudian, type DoudianOptions, idNumber } from './client';
import { regionalStock, stockMap } from './regional-stock';

const LIST = 'product.listV2';
const SKUS = 'sku.list';

/** Products of one page at most, by the platform; page × size ends at 10,000. */
const PAGE_SIZE = 100;
/** `status` of a product that is on sale. */
const ON_SALE = 0;

const listData = z.object({
  total: wholeNumber,
  data: z.nullish(z.array(z.object({ product_id: idText, name: looseText }))),
});
type Product = { readonly product_id: string; readonly name: string };

const skuList = z.array(
  z.object({
    id: idText,
    code: looseText,
    out_sku_id: looseText,
    spec_detail_name1: looseText,
    spec_detail_name2: looseText,
    spec_detail_name3: looseText,
    stock_num: z.nullish(wholeNumber),
    stock_map: stockMap,
  }),
);

/** One listing per SKU; a product always has at least one. Pages count from 1 here. */
export function listListings(
  options: DoudianOptions,
  access: ShopAccess,
  leftItems?: number,
): AsyncGenerator<ListingsPart> {
  const paging: ItemPaging<Product> = {
    pageSize: PAGE_SIZE,
    readPage: (page) => listPage(options, access, page),
    listingsOf: (product) => listingsOf(options, access, product),
  };
  return readListings(paging, leftItems);
}

async function listPage(
  options: DoudianOptions,
  access: ShopAccess,
  page: number,
): Promise<{ total: number; items: readonly Product[] }> {
  const answer = valueOf(await callDoudian(options, access, LIST, { page, size: PAGE_SIZE, status: ON_SALE }));
  const read = z.safeParse(listData, answer.data);
  if (!read.success) return valueOf(badAnswer({ channel: 'doudian', method: LIST }, 'list of unknown shape'));
  return { total: read.data.total, items: read.data.data ?? [] };
}

/** No listings for a product that was deleted between the list and this call. */
async function listingsOf(options: DoudianOptions, access: ShopAccess, product: Product): Promise<PlatformListing[]> {
  const productId = idNumber(product.product_id, 'product_id');
  const called = await callDoudian(options, access, SKUS, { product_id: productId });
  if (!called.ok && hasCode(called.error, 'NOT_FOUND')) return [];
  const read = z.safeParse(skuList, valueOf(called).data ?? []);
  if (!read.success) return valueOf(badAnswer({ channel: 'doudian', method: SKUS }, 'SKUs of unknown shape'));
  return read.data.map((sku) => ({
    itemId: product.product_id,
    platformSkuId: sku.id,
    merchantCode: sku.code || (sku.out_sku_id === '' || sku.out_sku_id === '0' ? null : sku.out_sku_id),
    title: [product.name, sku.spec_detail_name1, sku.spec_detail_name2, sku.spec_detail_name3]
      .filter(Boolean)
      .join(' '),
    shownQty: sku.stock_num ?? regionalStock(sku.stock_map),
  }));
}
