import type { Sku } from '../../../shared/domain/settings';
import type { Mover } from '../../../shared/domain/stock/top-movers';
import type { Ports } from '../../../shared/ports/ports';
import { keys } from '../../../shared/procedures/keys';
import { loadWarehouses } from '../../../shared/procedures/settings';
import { readLiveStock } from '../../../shared/procedures/summarise-stock';
import type { HomeStock } from '../schema/home';
import { links } from './links';

/** Entries that are not summed up yet and are added by a call: some seconds of the busiest hours, minutes of others. */
const TAIL_MAX = 2_000;

/** Movers of a day that are shown. */
const MOVERS = 20;

/** Stock by warehouse, pieces in and out and top movers, of now. Reads the same however many SKUs and entries there are. */
export async function readStock(ports: Pick<Ports, 'store' | 'clock'>): Promise<HomeStock> {
  const { store } = ports;
  const [{ overview, asOfMs, complete }, warehouses] = await Promise.all([
    readLiveStock(ports, TAIL_MAX),
    loadWarehouses(store),
  ]);
  const known = new Map(warehouses.map(({ value }) => [value.id, value]));
  const [today, yesterday] = [overview.today.slice(0, MOVERS), overview.yesterday.slice(0, MOVERS)];
  const skuIds = [...new Set([...today, ...yesterday].map(({ skuId }) => skuId))];
  const skus = await store.getMany<Sku>(skuIds.map((skuId) => keys.sku(skuId)));
  const titles = new Map(skuIds.map((skuId, i) => [skuId, skus[i]?.value.title ?? skuId]));
  const shown = (mover: Mover) => ({
    ...mover,
    title: titles.get(mover.skuId) ?? mover.skuId,
    link: links.stock({ skuId: mover.skuId }),
  });
  return {
    ...{ asOfMs, complete },
    warehouses: overview.warehouses.map(({ warehouseId, onHandQty, heldQty }) => ({
      ...{ warehouseId, onHandQty, heldQty, availableQty: onHandQty - heldQty },
      title: known.get(warehouseId)?.title ?? warehouseId,
      kind: known.get(warehouseId)?.kind ?? null,
      link: links.stock({ warehouseId }),
    })),
    hours: [...overview.hours],
    movers: { todayFromMs: overview.todayFromMs, today: today.map(shown), yesterday: yesterday.map(shown) },
    link: links.stock({}),
  };
}
