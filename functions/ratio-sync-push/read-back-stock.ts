import type { ItemMapping } from '../../shared/domain/order/item-mapping';
import { listingKey } from '../../shared/domain/order/item-mapping';
import type { Run } from '../../shared/platform/define-function';
import { keys } from '../../shared/procedures/keys';
import { loadSyncSettings } from '../../shared/procedures/compute-quantities';
import { syncSkus } from './push-ratio-stock';

/**
 * Listings of each shop that one run reads back. Slow on purpose: with a run every five minutes, 20 take a shop of 5,000
 * listings round in about a day, at a call of the platform every fifteen seconds.
 */
const LISTINGS_PER_RUN = 20;

interface ReadBackProgress {
  readonly after: string | null;
}

/**
 * The rolling read-back: compares what every synced shop shows with what it should, a few listings a run, repairs the
 * differences and counts them. Goes round and round, and remembers where it is.
 */
export async function readBackStock(run: Run): Promise<Record<string, number>> {
  const { store } = run.ports;
  const settings = await loadSyncSettings(store);
  let looked = 0;
  for (const shop of settings.shops.values()) {
    if (!shop.active || !settings.shopStrategies.get(shop.id)?.stockSyncEnabled) continue;
    const progress = await store.get<ReadBackProgress>(keys.progress(`read-back#${shop.id}`));
    const after = progress?.value.after ?? null;
    const page = await store.query<ItemMapping>(`mapping#${shop.id}`, {
      ...(after !== null && { after }),
      limit: LISTINGS_PER_RUN,
    });
    const listings = new Set(page.map(({ value }) => listingKey(value)));
    await syncSkus(
      run,
      page.flatMap(({ value }) => value.skuId ?? []),
      {
        verify: true,
        only: ({ shop: { id }, mapping }) => id === shop.id && listings.has(listingKey(mapping)),
      },
    );
    looked += page.length;
    const value: ReadBackProgress = { after: page.length < LISTINGS_PER_RUN ? null : (page.at(-1)?.key.sk ?? null) };
    await store.put({ key: keys.progress(`read-back#${shop.id}`), expect: progress?.version ?? 0, value });
  }
  return { looked };
}
