import pLimit from 'p-limit';
import type { ItemMapping } from '../../shared/domain/order/item-mapping';
import { listingKey } from '../../shared/domain/order/item-mapping';
import type { Shop } from '../../shared/domain/settings';
import type { Run } from '../../shared/platform/define-function';
import type { Stored } from '../../shared/ports/store';
import { keys } from '../../shared/procedures/keys';
import { loadSyncSettings } from '../../shared/procedures/compute-quantities';
import { syncSkus } from './push-ratio-stock';
import { ShopTurns } from './shop-turns';

/**
 * Listings of each shop that one run reads back. Slow on purpose: with a run every five minutes, 20 take a shop of 5,000
 * listings round in about a day, at a call of the platform every fifteen seconds.
 */
const LISTINGS_PER_RUN = 20;

/** Shops looked at at once: those that hang keep no others from their turn. */
const SHOPS_AT_ONCE = 8;

/** No shop is begun with less time left. */
const SPARE_MS = 15_000;

interface ReadBackProgress {
  readonly after: string | null;
  /** When the shop had its last turn; none in documents of release 0.3. */
  readonly atMs?: number;
}

/**
 * The rolling read-back: compares what every synced shop shows with what it should, a few listings a run, repairs the
 * differences and counts them. Goes round and round, and remembers where it is. Whose turn is longest ago begins.
 */
export async function readBackStock(run: Run): Promise<Record<string, number>> {
  const { store } = run.ports;
  const settings = await loadSyncSettings(store);
  const shops = [...settings.shops.values()].filter(
    (shop) => shop.active && settings.shopStrategies.get(shop.id)?.stockSyncEnabled,
  );
  const found = await store.getMany<ReadBackProgress>(shops.map(progressKey));
  const turns = new ShopTurns();
  const limit = pLimit(SHOPS_AT_ONCE);
  const ends = await Promise.allSettled(
    shops
      .map((shop, i) => ({ shop, progress: found[i] }))
      .sort((a, b) => (a.progress?.value.atMs ?? 0) - (b.progress?.value.atMs ?? 0))
      .map(({ shop, progress }) =>
        limit(async () => (run.remainingMs() > SPARE_MS ? lookAt(run, shop, progress, turns) : 0)),
      ),
  );
  // A shop that fails keeps no other from its end; the run fails with it.
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
  return { looked: ends.reduce((sum, end) => sum + (end.status === 'fulfilled' ? end.value : 0), 0) };
}

const progressKey = ({ id }: Shop) => keys.progress(`read-back#${id}`);

/**
 * The next listings of a shop. Goes on behind those that were looked at, up to the first that must be looked at again. One
 * that failed has a record of its own that says when to try again, and one of which no later try helps is passed over.
 */
async function lookAt(
  run: Run,
  shop: Shop,
  progress: Stored<ReadBackProgress> | undefined,
  turns: ShopTurns,
): Promise<number> {
  const { store, clock } = run.ports;
  const after = progress?.value.after ?? null;
  const page = await store.query<ItemMapping>(`mapping#${shop.id}`, {
    ...(after !== null && { after }),
    limit: LISTINGS_PER_RUN,
  });
  const listings = new Set(page.map(({ value }) => listingKey(value)));
  const { again, poisoned } = await syncSkus(
    run,
    page.flatMap(({ value }) => value.skuId ?? []),
    {
      ...{ verify: true, turns },
      only: ({ shop: { id }, mapping }) => id === shop.id && listings.has(listingKey(mapping)),
    },
  );
  const held = page.findIndex(({ value: { skuId } }) => skuId !== null && again.has(skuId) && !poisoned.has(skuId));
  const looked = held < 0 ? page.length : held;
  const round = held < 0 && page.length < LISTINGS_PER_RUN;
  const value = { after: round ? null : (page[looked - 1]?.key.sk ?? after), atMs: clock.nowMs() };
  await store.put<ReadBackProgress>({ key: progressKey(shop), expect: progress?.version ?? 0, value });
  return looked;
}
