import type { ChannelId } from '../../../shared/domain/order/platform-order';
import type { Key, Store, Stored } from '../../../shared/ports/store';
import { loadShops, requireShop } from '../../../shared/procedures/settings';
import type { ListPage } from './merged-page';
import { mergedPage, timeSpan } from './merged-page';

/** What every list that is kept shop by shop can be asked. */
interface ShopListQuery {
  readonly channel?: ChannelId | undefined;
  readonly shopId?: string | undefined;
  readonly orderNo?: string | undefined;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
  readonly order: 'newest' | 'oldest';
}

/** The shop that was asked for, or all, of one platform where that was asked for. Throws UNKNOWN_SHOP. */
export async function shopIdsOf(store: Store, shopId: string | undefined, channel?: ChannelId): Promise<string[]> {
  const shops =
    shopId === undefined ? (await loadShops(store)).map(({ value }) => value) : [await requireShop(store, shopId)];
  return shops.filter((shop) => channel === undefined || shop.channel === channel).map(({ id }) => id);
}

/**
 * A page of a list that is kept shop by shop, of one shop or of all merged by time. An exact order number is read by its
 * key in each shop, without a search.
 */
export async function shopListPage<T, Row>(
  store: Store,
  query: ShopListQuery,
  of: {
    readonly partition: (shopId: string) => string;
    readonly key: (shopId: string, orderNo: string) => Key;
    readonly row: (value: T) => Row;
    /** Filters of the query beside shop, number and time; undefined where there are none. */
    readonly keep: ((value: T) => boolean) | undefined;
    /** The time that the list is sorted by. */
    readonly atMs: (value: T) => number;
  },
): Promise<ListPage<Row>> {
  const shopIds = await shopIdsOf(store, query.shopId, query.channel);
  const { orderNo, keep, ...range } = { ...query, keep: of.keep };
  const shown = ({ value }: Stored<T>): Row | undefined => (keep && !keep(value) ? undefined : of.row(value));
  if (orderNo !== undefined) {
    const found = await store.getMany<T>(shopIds.map((shopId) => of.key(shopId, orderNo)));
    const within = (atMs: number): boolean => atMs >= (range.fromMs ?? 0) && atMs < (range.toMs ?? Infinity);
    const rows = found.flatMap((stored) => {
      const row = stored && within(of.atMs(stored.value)) ? shown(stored) : undefined;
      return row === undefined ? [] : [row];
    });
    return { rows, next: null, searchedToMs: null };
  }
  const descending = query.order === 'newest';
  return mergedPage<T, Row>(store, {
    ...{ partitions: shopIds.map(of.partition), query, descending, ...timeSpan(range, descending) },
    ...{ row: shown, filtered: keep !== undefined },
  });
}
