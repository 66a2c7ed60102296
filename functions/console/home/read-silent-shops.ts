import type { Shop } from '../../../shared/domain/settings';
import type { Store } from '../../../shared/ports/store';
import { keys } from '../../../shared/procedures/keys';
import type { HomeSilentShop } from '../schema/home';
import { links } from './links';
import { shopSilence } from './shop-silence';

/** Latest orders of a shop that tell what is usual for it. */
const ORDERS_LOOKED_AT = 200;

/** Active shops from which nothing has come for longer than usual, or of which orders may be missing. */
export async function readSilentShops(store: Store, shops: readonly Shop[], nowMs: number): Promise<HomeSilentShop[]> {
  const looked = await Promise.all(
    shops
      .filter(({ active }) => active)
      .map(async ({ id, title, channel }): Promise<HomeSilentShop[]> => {
        const hits = await store.queryIndex('list', `platform-order#${id}`, {
          ...{ limit: ORDERS_LOOKED_AT, descending: true },
        });
        const coverage = await store.get<{ toMs: number }>(keys.coverage(id));
        const coveredUpToMs = coverage?.value.toMs ?? null;
        const times = hits.map(({ sort }) => Number(sort.split('#')[0]));
        const silence = shopSilence(times, coveredUpToMs, nowMs);
        const link = links.platformOrders(channel, { shopId: id });
        return silence ? [{ shopId: id, title, coveredUpToMs, ...silence, link }] : [];
      }),
  );
  return looked.flat();
}
