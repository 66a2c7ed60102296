import type { ItemMapping } from '../../shared/domain/order/item-mapping';
import type { Ports } from '../../shared/ports/ports';
import { mappingPlaces, resyncMapping, reviveParkedOrders } from '../../shared/procedures/map-listings';
import { loadShops } from '../../shared/procedures/settings';

/** Unmapped listings looked through in one go. */
const PAGE = 200;

/** New SKUs find the unmapped listings that carry their merchant code 商家编码, and revive the orders parked for these. */
export async function mapNewSkus(
  ports: Pick<Ports, 'store' | 'clock' | 'bus'>,
  skuIds: readonly string[],
): Promise<number> {
  const { store, clock } = ports;
  const created = new Set(skuIds);
  let mapped = 0;
  for (const { value: shop } of await loadShops(store)) {
    for (let after: string | undefined; ; ) {
      const hits = await store.queryIndex('list', `unmapped#${shop.id}`, {
        ...(after !== undefined && { after }),
        limit: PAGE,
      });
      const last = hits.at(-1);
      if (!last) break;
      for (const stored of await store.getMany<ItemMapping>(hits.map((hit) => hit.key))) {
        const skuId = stored?.value.merchantCode ?? null;
        if (!stored || stored.value.skuId !== null || skuId === null || !created.has(skuId)) continue;
        const value: ItemMapping = {
          ...stored.value,
          skuId,
          version: stored.value.version + 1,
          resync: resyncMapping(ports, skuId),
        };
        await store.put({
          key: stored.key,
          expect: stored.version,
          value,
          places: mappingPlaces(value, clock.nowMs()),
        });
        await reviveParkedOrders(ports, value);
        mapped += 1;
      }
      after = last.sort;
    }
  }
  return mapped;
}
