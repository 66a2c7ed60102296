import type { ItemMapping } from '../../../shared/domain/order/item-mapping';
import type { Store } from '../../../shared/ports/store';
import { keys } from '../../../shared/procedures/keys';

/** SKUs of one item that are listed at most: far more than a platform lets an item have. */
const SKUS_MAX = 1_000;

/** Mappings of every listing of one item of these shops: of the item itself, or of its SKUs. Read by key, without a search. */
export async function listingsOfItem(store: Store, shopIds: readonly string[], itemId: string): Promise<ItemMapping[]> {
  const found = await Promise.all(
    shopIds.map(async (shopId) => {
      const own = keys.mapping(shopId, { itemId, platformSkuId: null });
      const [item, skus] = await Promise.all([
        store.get<ItemMapping>(own),
        store.query<ItemMapping>(own.pk, { after: `${own.sk}#`, upTo: `${own.sk}#\uffff`, limit: SKUS_MAX }),
      ]);
      return [...(item ? [item] : []), ...skus].map(({ value }) => value);
    }),
  );
  return found.flat();
}
