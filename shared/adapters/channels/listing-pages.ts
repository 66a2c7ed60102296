import type { ListingsPart, PlatformListing } from '../../ports/channel';

/** Items are asked for one after the other, and their listings handed on in parts of so many: what a killed call repeats. */
const ITEMS_PER_PART = 20;

/** How one platform lists what a shop has on sale. */
export interface ItemPaging<Item> {
  /** Items of one page. */
  readonly pageSize: number;
  /** One page, counted from 1, and how many items there are in all. */
  readonly readPage: (pageNo: number) => Promise<{ total: number; items: readonly Item[] }>;
  /** An item's listings; none for one that was deleted since it was listed. */
  readonly listingsOf: (item: Item) => Promise<readonly PlatformListing[]>;
}

/**
 * Everything on sale 商品下载, the last of its items first: one that is taken off sale meanwhile then moves others only to
 * where they are still to be read. One put on sale meanwhile is in the next download. `leftItems` are the items in front that
 * an earlier call has not come to; all where it is not given.
 */
export async function* readListings<Item>(
  { pageSize, readPage, listingsOf }: ItemPaging<Item>,
  leftItems?: number,
): AsyncGenerator<ListingsPart> {
  const first = leftItems === undefined ? { pageNo: 1, ...(await readPage(1)) } : undefined;
  let left = leftItems ?? first?.total ?? 0;
  let page = first;
  while (left > 0) {
    const pageNo = Math.ceil(left / pageSize);
    if (page?.pageNo !== pageNo) page = { pageNo, ...(await readPage(pageNo)) };
    const before = (pageNo - 1) * pageSize;
    const unread = page.items.slice(0, left - before);
    const items = unread.slice(-ITEMS_PER_PART);
    const listings: PlatformListing[] = [];
    for (const item of items) listings.push(...(await listingsOf(item)));
    left = before + unread.length - items.length;
    yield { listings, leftItems: left };
  }
}
