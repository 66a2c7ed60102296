import type { ItemMapping } from '../domain/order/item-mapping';
import type { Sku } from '../domain/settings';
import type { Ports } from '../ports/ports';
import type { IndexPlaces, Key } from '../ports/store';
import { keys, openPlace } from './keys';
import { mappingPlaces, resyncMapping, reviveParkedOrders } from './map-listings';
import { loadShops } from './settings';

/**
 * A listing that comes in while its SKU is made may be saved as unmapped behind the maker's look; and the maker may die. By
 * then every call that had not seen the SKU has ended.
 */
const SEEK_AGAIN_AFTER_MS = 60_000;

/** A SKU that is new: the listings that carry its code are looked for by its maker, and once more by conversion's sweep. */
export function newSku({ store, clock }: Pick<Ports, 'store' | 'clock'>, id: string, title: string): Sku {
  return { id, title, version: 1, seekAtMs: clock.nowMs() + SEEK_AGAIN_AFTER_MS + store.indexLagMs };
}

export function skuPlaces({ id, seekAtMs }: Pick<Sku, 'id' | 'seekAtMs'>): IndexPlaces {
  const list = { partition: 'sku', sort: id };
  return seekAtMs === undefined ? { list } : { list, open: openPlace('new-sku', keys.sku(id), seekAtMs) };
}

/** Looks once more for the listings of SKUs that were made a while ago. */
export async function seekListings(ports: Pick<Ports, 'store' | 'clock' | 'bus'>, due: readonly Key[]): Promise<void> {
  const stored = (await ports.store.getMany<Sku>(due)).flatMap((sku) => sku ?? []);
  const waiting = stored.filter(({ value }) => value.seekAtMs !== undefined);
  await mapNewSkus(
    ports,
    waiting.map(({ value }) => value.id),
  );
  await Promise.all(
    waiting.map(async ({ key, version, value: { id, title, version: savedVersion } }) => {
      const value: Sku = { id, title, version: savedVersion };
      // Renamed meanwhile, it is looked at again.
      await ports.store.put({ key, expect: version, value, places: skuPlaces(value) });
    }),
  );
}

/** Unmapped listings looked through in one go. */
const PAGE = 200;

/** New SKUs find the unmapped listings that carry their merchant code 商家编码, and revive the orders parked for these. */
export async function mapNewSkus(
  ports: Pick<Ports, 'store' | 'clock' | 'bus'>,
  skuIds: readonly string[],
): Promise<number> {
  const { store, clock } = ports;
  const created = new Set(skuIds);
  if (created.size === 0) return 0;
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
