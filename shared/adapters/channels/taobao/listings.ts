import * as z from 'zod/mini';
import { hasCode } from '../../../errors';
import type { ListingsPart, PlatformListing, ShopAccess } from '../../../ports/channel';
import { badAnswer, valueOf } from '../http';
import { idText, looseText, wholeNumber } from '../json64';
import type { ItemPaging } from '../listing-pages';
import { readListings } from '../listing-pages';
import { callTaobao, type TaobaoOptions } from './client';

const LIST = 'taobao.items.onsale.get';
const ITEM = 'taobao.item.seller.get';

/** Items of one page at most, by the platform. */
const PAGE_SIZE = 200;

const listAnswer = z.object({
  total_results: wholeNumber,
  items: z.nullish(z.object({ item: z.nullish(z.array(z.object({ num_iid: idText }))) })),
});

const sku = z.object({ sku_id: idText, outer_id: looseText, quantity: wholeNumber, properties_name: looseText });
const item = z.object({
  num_iid: idText,
  title: z.string(),
  outer_id: looseText,
  num: wholeNumber,
  skus: z.pipe(
    z.nullish(z.object({ sku: z.nullish(z.array(sku)) })),
    z.transform((skus) => skus?.sku ?? []),
  ),
});
const itemAnswer = z.object({ item });
export type TaobaoItem = z.infer<typeof item>;

/** One listing per SKU, or per item where it has none. The platform lets one page through 20,000 items. */
export function listListings(
  options: TaobaoOptions,
  access: ShopAccess,
  leftItems?: number,
): AsyncGenerator<ListingsPart> {
  const paging: ItemPaging<string> = {
    pageSize: PAGE_SIZE,
    readPage: (pageNo) => listPage(options, access, pageNo),
    listingsOf: (itemId) => listingsOfItem(options, access, itemId),
  };
  return readListings(paging, leftItems);
}

/** One item with its SKUs. NOT_FOUND where the seller has no such item. */
export async function fetchItem(options: TaobaoOptions, access: ShopAccess, itemId: string): Promise<TaobaoItem> {
  // `sku` asks for every field of the SKUs.
  const params = { num_iid: itemId, fields: 'num_iid,title,num,outer_id,sku' };
  const answer = valueOf(await callTaobao(options, access, ITEM, params));
  const read = itemAnswer.safeParse(answer.response);
  if (!read.success) return valueOf(badAnswer({ channel: 'taobao', method: ITEM }, 'item of unknown shape'));
  return read.data.item;
}

async function listPage(
  options: TaobaoOptions,
  access: ShopAccess,
  pageNo: number,
): Promise<{ total: number; items: string[] }> {
  const params = { fields: 'num_iid,title,outer_id,num', page_no: String(pageNo), page_size: String(PAGE_SIZE) };
  const answer = valueOf(await callTaobao(options, access, LIST, params));
  const read = listAnswer.safeParse(answer.response);
  if (!read.success) return valueOf(badAnswer({ channel: 'taobao', method: LIST }, 'list of unknown shape'));
  return { total: read.data.total_results, items: (read.data.items?.item ?? []).map((each) => each.num_iid) };
}

/** No listings for an item that was deleted between the list and this call. */
async function listingsOfItem(options: TaobaoOptions, access: ShopAccess, itemId: string): Promise<PlatformListing[]> {
  try {
    return listingsOf(await fetchItem(options, access, itemId));
  } catch (error) {
    if (hasCode(error, 'NOT_FOUND')) return [];
    throw error;
  }
}

function listingsOf(whole: TaobaoItem): PlatformListing[] {
  const ofItem = { itemId: whole.num_iid, merchantCode: whole.outer_id || null };
  if (whole.skus.length === 0) {
    return [{ ...ofItem, platformSkuId: null, title: whole.title, shownQty: whole.num }];
  }
  return whole.skus.map((each) => ({
    ...ofItem,
    platformSkuId: each.sku_id,
    merchantCode: each.outer_id || ofItem.merchantCode,
    title: [whole.title, specText(each.properties_name)].filter(Boolean).join(' '),
    shownQty: each.quantity,
  }));
}

/** `1627207:28341:颜色分类:黑色;20509:28314:尺码:L` for people: `黑色 L`. */
function specText(propertiesName: string): string {
  return propertiesName
    .split(';')
    .map((property) => property.split(':')[3] ?? '')
    .filter(Boolean)
    .join(' ');
}
