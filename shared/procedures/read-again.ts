import type { QuarantinedItem } from '../domain/order/received-order';
import { orderAside } from '../domain/order/received-order';
import type { Shop } from '../domain/settings';
import type { Ports } from '../ports/ports';
import type { Stored } from '../ports/store';
import { fetchAndStoreOrders } from './fetch-orders';
import { noteLook, takeOut } from './quarantine';
import type { StoreOutcome } from './store-platform-orders';

/** What became of an item that was read again; `overtaken` where somebody else is at it. */
export type ReadAgain = StoreOutcome | 'overtaken' | Error;

/**
 * Reads orders in quarantine again: notes the look, fetches and stores as for any other order, and only then takes the item
 * out. A crash in between leaves the item, which is looked at again; an item that is set aside anew meanwhile stays, as its
 * version is another one. In the order of the items, all of one shop, each of which names an order.
 */
export async function readAgain(
  ports: Pick<Ports, 'store' | 'clock' | 'bus' | 'channels' | 'log' | 'access'>,
  shop: Shop,
  items: readonly Stored<QuarantinedItem>[],
): Promise<ReadAgain[]> {
  // Noted before the order is fetched: one whose text ends the process stands behind the others in the next run.
  const looked = await Promise.all(items.map((item) => noteLook(ports, item, ports.clock.nowMs())));
  const orderNos = looked.flatMap((item) => (item && orderAside(item.value)) ?? []);
  const outcomes = await fetchAndStoreOrders(ports, shop, orderNos);
  return Promise.all(
    looked.map(async (item) => {
      const outcome = item && outcomes.get(orderAside(item.value) ?? '');
      if (!outcome) return 'overtaken';
      // One that still cannot be had was set aside anew: it is another version, and stays. Where it stood under its text, as
      // release 0.3 has put it, it now stands under its number.
      if (!(outcome instanceof Error)) await takeOut(ports, item, ports.clock.nowMs());
      return outcome;
    }),
  );
}
