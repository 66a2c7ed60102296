import pLimit from 'p-limit';
import { isKeyPart } from '../../shared/domain/kernel/ids';
import type { Shop } from '../../shared/domain/settings';
import { hasCode } from '../../shared/errors';
import type { Ports } from '../../shared/ports/ports';
import type { StoreOutcome } from './store-platform-orders';
import { quarantine, storePlatformOrder } from './store-platform-orders';

/** Orders of one shop that are asked for at once: platforms limit the rate per app, and the answers come quickly. */
const FETCHES_AT_ONCE = 8;

type FetchPorts = Pick<Ports, 'store' | 'clock' | 'bus' | 'channels' | 'log' | 'access'>;

/**
 * 'These orders changed' → fetch → store → queue: the step in which every way in ends, whether the platform pushed, was
 * polled or was listed. Returns what became of each order; an Error means that the platform must tell us again.
 */
export async function fetchAndStoreOrders(
  ports: FetchPorts,
  shop: Shop,
  orderNos: readonly string[],
): Promise<Map<string, StoreOutcome | Error>> {
  const limit = pLimit(FETCHES_AT_ONCE);
  const outcomes = new Map<string, StoreOutcome | Error>();
  await Promise.all(
    [...new Set(orderNos)].map((orderNo) =>
      limit(async () => {
        try {
          outcomes.set(orderNo, await fetchAndStore(ports, shop, orderNo));
        } catch (error) {
          outcomes.set(orderNo, error instanceof Error ? error : new Error(String(error)));
          ports.log.count('ingestion.fetch-failed');
          ports.log.warn('ingestion.fetch-failed', { shopId: shop.id, orderNo, reason: String(error) });
        }
      }),
    ),
  );
  return outcomes;
}

async function fetchAndStore(ports: FetchPorts, shop: Shop, orderNo: string): Promise<StoreOutcome> {
  const unknown = (reason: string): Promise<void> =>
    quarantine(ports, {
      shopId: shop.id,
      source: 'order',
      orderNo,
      reason,
      text: orderNo,
      receivedAtMs: ports.clock.nowMs(),
    });
  if (!isKeyPart(orderNo)) {
    await unknown('the order number is not usable');
    return 'quarantined';
  }
  const askedAtMs = ports.clock.nowMs();
  try {
    const raw = await ports.channels[shop.channel].fetchOrder(ports.access(shop), orderNo);
    return await storePlatformOrder(ports, shop, raw, askedAtMs);
  } catch (error) {
    // A message that names an order the platform does not know would be sent for ever if we refused it.
    if (!hasCode(error, 'NOT_FOUND')) throw error;
    await unknown('the platform does not know this order');
    return 'quarantined';
  }
}
